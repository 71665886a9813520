using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary><c>user add</c> and <c>key add</c> (K34): work before the first start and beside a running server.</summary>
internal static class PeopleVerbs
{
    private static readonly Setting<string?> Email = Setting.Words("email", "Address of the person.") with { Required = true, Expected = "an address" };
    private static readonly Setting<string?> Role = Setting.Words("role", "Role to give.") with { Required = true, Expected = "a role" };
    private static readonly Setting<string?> Body = Setting.Words("body", "Body in which it holds; without one, the whole installation.") with { Expected = "id of a body" };
    private static readonly Setting<string?> PersonName = Setting.Words("name", "How the person is called.");
    private static readonly Setting<IReadOnlyList<string>> Categories = Setting.List("categories", "Codes of branches to limit the role to.");
    private static readonly Setting<IReadOnlyList<string>> Areas = Setting.List("areas", "Ids of areas to limit the role to.");
    private static readonly Setting<string?> KeyName = Setting.Words("name", "The program that will hold the key.") with { Required = true };
    private static readonly Setting<IReadOnlyList<string>> Scopes = Setting.List("scope", "What it may do, area:right or area:right:body.") with { Required = true };
    private static readonly Setting<DateOnly?> Expires = Setting.Day("expires", "First day on which it opens nothing any more.");
    private static readonly Setting<int?> Quota = Setting.NumberOrNone("quotaPerHour", "Requests an hour that it may make.", 1, 100_000_000);

    public static Command AddUser { get; } = new("user", "add", "Gives a person a role and prints a link to sign in once.", "user add --email a@example.org --role administrator --data var")
    {
        Options = [Email, Role, Body, PersonName, Categories, Areas],
        Run = AddUserAsync,
    };

    public static Command AddKey { get; } = new("key", "add", "Makes an API key and prints it once.", "key add --name \"Field app\" --scope reports:write --data var")
    {
        Options = [KeyName, Scopes, Body, Expires, Quota],
        Run = AddKeyAsync,
    };

    private static async Task<Result> AddUserAsync(Call call)
    {
        var services = await call.OpenStoreAsync();
        var token = "";
        var outcome = await services.GetRequiredService<Accounts>().GiveRoleAsync(
            Caller.Program(call.Settings.Get(KernelSettings.Languages)[0]), call.Get(Email)!, call.Get(PersonName),
            new WantedRole(call.Get(Role)!, call.Get(Body), call.Get(Categories), call.Get(Areas)),
            (unit, account) =>
            {
                token = SignIn.NewLinkFor(unit, account);
                return Task.CompletedTask;
            },
            call.Stop);
        var account = outcome.OrBadInput(services);
        await services.GetRequiredService<Database>().SealAsync(services.GetRequiredService<LogTail>(), call.Stop);
        var url = SignIn.UrlOf(services.GetRequiredService<SiteAddress>(), account.Language, token);
        return Result.Of(new { account.Id, account.Email, role = call.Get(Role), body = call.Get(Body), signInUrl = url });
    }

    private static async Task<Result> AddKeyAsync(Call call)
    {
        var services = await call.OpenStoreAsync();
        long? expires = call.Get(Expires) is { } day ? Instants.StartOf(day, call.Settings.Get(KernelSettings.TimeZone)) : null;
        var wanted = new WantedKey(call.Get(KeyName)!, call.Get(Scopes), call.Get(Body), expires, call.Get(Quota));
        var made = (await services.GetRequiredService<ApiKeys>().MakeAsync(Caller.Program(), wanted, call.Stop)).OrBadInput(services);
        await services.GetRequiredService<Database>().SealAsync(services.GetRequiredService<LogTail>(), call.Stop);
        return Result.Of(new { made.Key.Name, made.Key.Scopes, key = made.Secret });
    }
}

/// <summary>How a verb says that its use case was refused.</summary>
public static class RefusedVerbs
{
    /// <summary>The value, or the refusal's English text as bad input.</summary>
    /// <exception cref="BadInputException">It was refused.</exception>
    public static T OrBadInput<T>(this Outcome<T> outcome, IServiceProvider services) => outcome.Is(out var value, out var refusal)
        ? value
        : throw new BadInputException(string.Join("; ", refusal.All().Select(one =>
            (one.Field is { } field ? $"{field}: " : "") + services.GetRequiredService<Words>().In("en", one.TextKey, [.. one.Arguments]))));
}
