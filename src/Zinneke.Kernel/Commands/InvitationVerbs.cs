using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary><c>invitation add</c> and <c>invitation revoke</c>: the codes of letters to residents (K16).</summary>
internal static class InvitationVerbs
{
    private static readonly Setting<string?> Body = Setting.Words("body", "The municipality that sends the letters.") with { Required = true, Expected = "id of a body" };
    private static readonly Setting<int?> Count = Setting.NumberOrNone("count", "Letters.", 1, Invitations.CountMax) with { Required = true };
    private static readonly Setting<IReadOnlyList<string>> Postcodes = Setting.List("postcode", "Postcodes with which a code is taken; by default those of the municipality's area.");
    private static readonly Setting<DateOnly?> Expires = Setting.Day("expires", "First day on which no code is taken any more; by default 90 days from now.");
    private static readonly Setting<string?> List = Setting.Words("list", "Id of the list, the first column of its file.") with { Required = true, Expected = "id of a list" };
    private static readonly Setting<int?> Letter = Setting.NumberOrNone("number", "The one letter that was lost or stolen; without it, all that were not used yet.", 1, Invitations.CountMax);

    public static Command Add { get; } = new(
        "invitation", "add", "Makes codes for letters to residents and writes them once, as CSV: without --out to standard output.", "invitation add --body c21004 --count 500 --postcode 1120 --out letters.csv --data var")
    {
        Options = [Body, Count, Postcodes, Expires],
        Run = AddAsync,
    };

    public static Command Revoke { get; } = new(
        "invitation", "revoke", "Makes a list of codes, or one letter of it, worth nothing.", "invitation revoke --list 0190f3b2-5c4e-7a61-9d1e-3b7c2f8a4e10 --number 17 --data var")
    {
        Options = [List, Letter],
        Run = RevokeAsync,
    };

    private static async Task<Result> AddAsync(Call call)
    {
        var services = await call.OpenStoreAsync();
        var zone = call.Settings.Get(KernelSettings.TimeZone);
        long? expires = call.Get(Expires) is { } day ? Instants.StartOf(day, zone) : null;
        var wanted = new WantedInvitations(call.Get(Body)!, call.Get(Count)!.Value, call.Get(Postcodes), expires);
        return Result.Stream(async (stream, stop) => // Made when the file is open: codes that cannot be written down would be lost.
        {
            var made = (await services.GetRequiredService<Invitations>().MakeAsync(Caller.Program(), wanted, stop)).OrBadInput(services);
            await services.GetRequiredService<Database>().SealAsync(services.GetRequiredService<LogTail>(), stop);
            await InvitationsFile.WriteAsync(stream, made, zone, stop);
        });
    }

    private static async Task<Result> RevokeAsync(Call call)
    {
        if (!Guid.TryParse(call.Get(List), out var list))
        {
            throw new BadInputException($"option {List.Option}: found {Fault.Shorten(call.Get(List))}, expected {List.Expected}");
        }
        var services = await call.OpenStoreAsync();
        (await services.GetRequiredService<Invitations>().RevokeAsync(Caller.Program(), list, call.Get(Letter), call.Stop)).OrBadInput(services);
        return Result.Of(new { list, number = call.Get(Letter), revoked = true });
    }
}
