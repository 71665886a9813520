using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Zinneke.Kernel;

/// <summary>Registers accounts, roles and keys.</summary>
public static class PeopleSetup
{
    public static IServiceCollection AddPeople(this IServiceCollection services)
    {
        foreach (var role in BuiltInRoles.All)
        {
            services.AddSingleton(role);
        }
        foreach (var permission in PeoplePermissions.All)
        {
            services.AddSingleton(permission);
        }
        foreach (var grant in PeoplePermissions.Grants)
        {
            services.AddSingleton(grant);
        }
        services.AddSingleton<RoleBook>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<FirstAdministrator>();
        services.AddSingleton<Callers>();
        services.AddSingleton<PersonalData, AccountData>();
        services.AddSingleton<PersonalData, ConsentData>();
        services.AddSingleton<Consents>();
        services.AddSingleton<PersonalData, ResidenceData>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<Residences>();
        services.AddSingleton<Privacy>();
        services.AddSingleton<Check, PeopleCheck>();
        services.AddSingleton<PersonalArchive>();
        services.AddSingleton<Retention>();
        services.TryAddSingleton<BodyAncestors>(p => p.GetRequiredService<BodyMap>().AncestorsOf);
        services.AddScoped<CallerSlot>();
        services.AddScoped(p => p.GetRequiredService<CallerSlot>().Caller ?? throw new InvalidOperationException("there is no caller outside a request"));
        return services;
    }
}

/// <summary>Where the request's <see cref="Caller"/> is put once it is known, so that it can be injected.</summary>
public sealed class CallerSlot
{
    public Caller? Caller { get; set; }
}
