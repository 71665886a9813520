using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Registers mail.</summary>
public static class MailSetup
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        foreach (var setting in MailSettings.All)
        {
            services.AddSingleton(setting);
        }
        services.AddSingleton(p => MailTransport.Of(p.GetRequiredService<Settings>(), p.GetRequiredService<DataFolder>()));
        services.AddSingleton<Mails>();
        services.AddSingleton<MailSender>();
        services.AddSingleton<PersonalData, MailData>();
        return services;
    }
}
