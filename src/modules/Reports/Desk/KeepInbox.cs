using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Keeps filters and columns of the inbox for an account.</summary>
internal sealed class KeepInbox(Writer writer)
{
    public const int FiltersMax = 30;
    public const int NameLengthMax = 60;
    private const int QueryLengthMax = 1000;

    /// <summary>Keeps a filter; one of the same name is replaced.</summary>
    public Task<Outcome<Done>> FilterAsync(Caller caller, string name, string query, CancellationToken cancellation) => writer.DoAsync<Done>(caller.Actor, async unit =>
    {
        if (caller.Account is not { } account)
        {
            return caller.RefusalUnlessLevel(VerificationLevel.Email) ?? new Refusal(RefusalKind.Forbidden, "kernel.forbidden");
        }
        name = name.Trim();
        if (name.Length is 0 or > NameLengthMax)
        {
            return name.Length == 0 ? Refusal.Invalid("reports.required", "name") : Refusal.Invalid("reports.nameTooLong", "name", NameLengthMax);
        }
        if ((Refusal.OfNul(name, "name") ?? Refusal.OfNul(query, "query")) is { } nul)
        {
            return nul;
        }
        if (query.Length > QueryLengthMax || !(query.Length == 0 || query[0] == '?'))
        {
            return Refusal.Invalid("reports.unknownWord", "query", Fault.Shorten(query));
        }
        var kept = await unit.Store.Set<InboxFilterRow>().Where(f => f.Account == account).ToListAsync(cancellation);
        if (kept.Find(f => f.Name == name) is { } same)
        {
            same.Query = query;
        }
        else if (kept.Count >= FiltersMax)
        {
            return Refusal.Invalid("reports.tooManyFilters", "name", FiltersMax);
        }
        else
        {
            unit.Store.Add(new InboxFilterRow { Id = unit.NextId(), Account = account, Name = name, Query = query });
        }
        return default(Done);
    }, cancellation);

    public Task<Outcome<Done>> ForgetFilterAsync(Caller caller, Guid id, CancellationToken cancellation) => writer.DoAsync<Done>(caller.Actor, async unit =>
    {
        if (await unit.Store.Set<InboxFilterRow>().FirstOrDefaultAsync(f => f.Id == id && f.Account == caller.Account, cancellation) is { } kept)
        {
            unit.Store.Remove(kept);
        }
        return default(Done);
    }, cancellation);

    public Task<Outcome<Done>> ColumnsAsync(Caller caller, IReadOnlyCollection<InboxColumn> columns, CancellationToken cancellation) => writer.DoAsync<Done>(caller.Actor, async unit =>
    {
        if (caller.Account is not { } account)
        {
            return caller.RefusalUnlessLevel(VerificationLevel.Email) ?? new Refusal(RefusalKind.Forbidden, "kernel.forbidden");
        }
        var words = string.Join(' ', columns.Order().Select(ReportWords.Word));
        if (await unit.Store.Set<InboxColumnsRow>().FirstOrDefaultAsync(c => c.Account == account, cancellation) is { } kept)
        {
            kept.Columns = words;
        }
        else
        {
            unit.Store.Add(new InboxColumnsRow { Account = account, Columns = words });
        }
        return default(Done);
    }, cancellation);
}
