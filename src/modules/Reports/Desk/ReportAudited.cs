using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>Reports in the audit trail of the installation, in the words of their own trail.</summary>
internal sealed class ReportAudited() : AuditedKind("reports", "report")
{
    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<AuditedKind, ReportAudited>();
        services.AddSingleton<AuditedKind, RoundAudited>();
        services.AddSingleton(new AuditedKind("reports", Subscription.Kind));
    }

    public override string? ActionKey(string type, JsonNode? data) => (AuditReport.Actions.GetValueOrDefault(type) ?? (string?)data?["what"]) switch
    {
        null or "ruleRan" or "ruleRefused" => null,
        var action => "reports.did." + action,
    };

    public override async Task<IReadOnlyDictionary<string, AuditedName>> NamesAsync(Store store, IReadOnlyCollection<string> ids, string language, CancellationToken cancellation)
    {
        List<Guid> wanted = [.. ids.Select(id => Guid.TryParse(id, out var parsed) ? parsed : Guid.Empty)];
        return await store.Set<Report>().AsNoTracking().Where(report => wanted.Contains(report.Id)).Select(report => new { report.Id, report.Number })
            .ToDictionaryAsync(report => report.Id.ToString("D"), report => new AuditedName(report.Number, $"/desk/reports/{report.Number}"), StringComparer.Ordinal, cancellation);
    }

    public override string? Say(string field, JsonNode value, AuditScene scene) => Say(
        field, value, scene.Services.GetRequiredService<RoutingMap>().Current.Map, scene.Names, scene.Services.GetRequiredService<Words>(), scene.Services.GetRequiredService<Dates>());

    /// <summary>A value of <see cref="ReportFacts"/>, or of another before and after, as people read it in the language of the request; null to show it as it is written.</summary>
    public static string? Say(string field, JsonNode value, RoutingSnapshot map, IReadOnlyDictionary<Guid, string> names, Words words, Dates dates)
    {
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        return field switch
        {
            "state" => words["reports.state." + value],
            "visibility" => words["reports.visibility." + value],
            "priority" => words["reports.priority." + value],
            "holdReason" or "declineReason" => words.Find("reports.reason." + value),
            "category" => map.Categories.Find(value.ToString())?.Names.In(language),
            "area" => map.Municipality(value.ToString())?.Names.In(language),
            "holder" or "escalatedTo" => Pages.DeskWords.BodyOf(value.ToString(), map, words),
            "assignee" => Guid.TryParse(value.ToString(), out var id) && names.TryGetValue(id, out var name) ? name : words["reports.audit.erasedActor"],
            "chosenByRule" or "contact" or "hidden" => words[value.GetValue<bool>() ? "reports.audit.yes" : "reports.audit.no"],
            "dueAt" or "holderDueAt" or "holderSince" or "plannedFrom" or "plannedTo" or "reviewAskedAt" => value.GetValue<long>() is var at ? $"{dates.Day(at)}, {dates.Hour(at)}" : null,
            "action" => words.Find("reports.did." + value),
            "columns" => words.Find("reports.desk.column." + value),
            "rectangles" => value.AsArray().Count.ToString(CultureInfo.CurrentCulture),
            _ => null,
        };
    }
}

/// <summary>Rounds in the audit trail; what they are called is in their own page.</summary>
internal sealed class RoundAudited() : AuditedKind("reports", "round")
{
    public override async Task<IReadOnlyDictionary<string, AuditedName>> NamesAsync(Store store, IReadOnlyCollection<string> ids, string language, CancellationToken cancellation)
    {
        List<Guid> wanted = [.. ids.Select(id => Guid.TryParse(id, out var parsed) ? parsed : Guid.Empty)];
        return await store.Set<Round>().AsNoTracking().Where(round => wanted.Contains(round.Id)).Select(round => new { round.Id, round.Name })
            .ToDictionaryAsync(round => round.Id.ToString("D"), round => new AuditedName(round.Name, $"/desk/reports/rounds/{round.Id}"), StringComparer.Ordinal, cancellation);
    }
}
