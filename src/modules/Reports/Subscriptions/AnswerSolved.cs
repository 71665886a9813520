using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// "Is it really solved?" - yes, partly, or no (R12): asked of the reporter, who closes the report by a yes, and of supporters, who are known by the link of their mail. Partly and no open it again, as
/// anybody may: partly as badly solved, in words that say what is missing.
/// </summary>
internal sealed class AnswerSolved(Signer signer, ActOnReport act, Writer writer)
{
    private const string Purpose = "reports.asked", Agree = "agree";

    /// <summary>As long as what was solved can be opened again, and more.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(180);

    /// <summary>For the link in the mail to somebody who follows one report.</summary>
    public string? TokenOf(Subscription subscription) => subscription.ReportId is null ? null : signer.Sign(Purpose, subscription.Id, Life);

    /// <summary>Who is asked by a link of a mail about this report or one merged into it; null when it is none, or nobody follows any more.</summary>
    public async Task<Guid?> AskedAsync(Store store, Report report, string? token, CancellationToken cancellation) =>
        !string.IsNullOrEmpty(token) && signer.TryRead<Guid>(Purpose, token, out var id)
        && await store.Set<Subscription>().AnyAsync(s => s.Id == id && s.ConfirmedAt != null && (s.ReportId == report.Id || store.Set<Report>().Any(m => m.Id == s.ReportId && m.MergedInto == report.Id)), cancellation) ? id : null;

    /// <summary>Whether the supporter has said yes to what was done last.</summary>
    public static bool HasAgreed(ReportDetail detail, Guid supporter) => detail.Entries.Any(entry => entry.Id == LineOf(detail.Report, supporter));

    /// <param name="answer"><c>yes</c>, <c>partly</c> or <c>no</c>.</param>
    /// <param name="request">Reason, words and version as the form has them.</param>
    /// <param name="supporter">Who answers by the link of a mail.</param>
    /// <returns>Null when it is done; 422 of <c>answer</c>, <c>reason</c> or <c>text</c>; and what the action refuses.</returns>
    public async Task<Refusal?> RunAsync(string number, string answer, ActionRequest request, Acting acting, Guid? supporter, CancellationToken cancellation)
    {
        var hasWords = request.Text is not null;
        return (answer, acting.IsReporter, supporter) switch
        {
            ("yes", true, _) => await DoAsync("confirm", request with { Reason = null, Text = null }),
            ("yes", _, { } who) => (await AgreeAsync(number, request, who, acting.Caller.Actor, cancellation)).Refusal,
            ("partly", _, _) => hasWords ? await DoAsync("reopen", request with { Reason = "badlySolved" }) : Refusal.Invalid("reports.required", "text"),
            ("no", _, _) => request.Reason is not null ? await DoAsync("reopen", request) : Refusal.Invalid("reports.reasonNeeded", "reason"),
            _ => Refusal.Invalid("reports.required", "answer"),
        };

        async Task<Refusal?> DoAsync(string action, ActionRequest what) => (await act.RunAsync(number, action, what, acting, writer.DoAsync, cancellation)).Refusal;
    }

    /// <summary>A line of the history, once for each supporter and solution: its id is made of both. Said twice is said once; of a report that has changed since it was looked at nothing is said.</summary>
    private Task<Outcome<Done>> AgreeAsync(string number, ActionRequest request, Guid supporter, Actor actor, CancellationToken cancellation) => writer.DoAsync<Done>(actor, async unit =>
    {
        if (await ReadReport.FindAsync(unit.Store, number, tracked: true, cancellation) is not { } report || !FindReportsApi.IsOpenToAll(report))
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
        }
        var line = LineOf(report, supporter);
        if (await unit.Store.Set<ReportEntry>().AnyAsync(entry => entry.Id == line, cancellation))
        {
            return default(Done);
        }
        if (request.Stale(report, []) is { } stale)
        {
            return stale;
        }
        if (report.State == ReportState.Resolved)
        {
            report.Touch(unit.Now);
            ReportEntry.Add(unit, report, Agree, id: line);
            var facts = ReportFacts.Of(report);
            unit.Publish(new Subject("report", report.Id), report.Version + 1, new ReportNoted(report.Standing(), Agree, null), report.Holder, new Audit(facts, facts));
        }
        return default(Done);
    }, cancellation);

    private static Guid LineOf(Report report, Guid supporter) =>
        TakeServiceRequest.IdOf([.. "agree "u8, .. supporter.ToByteArray(), .. report.Id.ToByteArray(), .. BitConverter.GetBytes(report.EndedAt ?? 0)]);
}
