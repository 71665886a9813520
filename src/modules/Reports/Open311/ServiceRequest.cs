using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A report as Open311 knows it: what everybody may see of it. Instants are UTC microseconds.</summary>
/// <param name="Id">The number of the report.</param>
/// <param name="Said">The newest public words of a body.</param>
internal sealed record ServiceRequest(string Id, string Code, ReportState State, string Description, string? Body, string? Area, long RequestedAt, long UpdatedAt, long? ExpectedAt, string? Address, double? Lon, double? Lat)
{
    public Text Said { get; init; } = Text.Empty;

    /// <summary>Number of the report that it is merged into.</summary>
    public string? Target { get; init; }

    public string Channel { get; init; } = "";

    public int SupportCount { get; init; }

    public Answers Answers { get; init; } = Answers.None;

    /// <summary>Paths of the photos in their large rendition.</summary>
    public IReadOnlyList<string> Photos { get; init; } = [];

    public IReadOnlyList<ServiceNote> Notes { get; init; } = [];
}

/// <summary>What was said or done of a request.</summary>
/// <param name="Request">Its number.</param>
/// <param name="Photo">Path of the first public photo that came with it, in its large rendition.</param>
internal sealed record ServiceUpdate(Guid Id, string Request, ReportState State, long At, Text Said, string? Photo = null);

/// <summary>A line of the public history.</summary>
internal sealed record ServiceNote(long At, string Action, Text Said);

/// <summary>Writes requests as Open311 does.</summary>
/// <param name="site">The root that photos lie below.</param>
internal sealed partial class ServiceRequestWriter(GeoRequest call, Words words, SiteAddress site)
{
    private readonly WorkCalendar calendar = call.Map.CalendarOf(null);

    public GeoNode Write(ServiceRequest request, bool extensions)
    {
        var category = call.Map.Categories.Find(request.Code);
        var fields = new List<(string, GeoNode)>
        {
            ("service_request_id", GeoNode.Of(request.Id)),
            ("status", GeoNode.Of(request.State.IsOpen() ? "open" : "closed")),
            ("status_notes", GeoNode.Of(request.Target is null && request.Said.IsEmpty ? words.In(call.Language, "reports.state." + ReportWords.Word(request.State)) : NotesOf(request.Target, request.Said))),
            ("service_name", GeoNode.Of(category?.Names.In(call.Language) ?? request.Code)),
            ("service_code", GeoNode.Of(request.Code)),
            ("description", GeoNode.Of(request.Description)),
            ("agency_responsible", GeoNode.Of(request.Body is { } body ? call.Map.Find(body)?.Names.In(call.Language) ?? body : null)),
            ("service_notice", GeoNode.Of((string?)null)),
            ("requested_datetime", Date(request.RequestedAt)),
            ("updated_datetime", Date(request.UpdatedAt)),
            ("expected_datetime", Date(request.ExpectedAt)),
            ("address", GeoNode.Of(request.Address)),
            ("address_id", GeoNode.Of((string?)null)),
            ("zipcode", GeoNode.Of(ZipOf(call.Map.Municipality(request.Area), request.Address))),
            ("lat", GeoNode.Of(request.Lat)),
            ("long", GeoNode.Of(request.Lon)),
            ("media_url", GeoNode.Of(request.Photos.Count > 0 ? AddressOf(request.Photos[0]) : null)),
        };
        if (extensions)
        {
            fields.Add(("attributes", GeoNode.Of("attribute", request.Answers.ByQuestion.OrderBy(answer => category?.Questions.FirstOrDefault(one => one.Code == answer.Key)?.Order ?? int.MaxValue).Select(answer => Attribute(answer.Key, answer.Value, category)))));
            fields.Add(("extended_attributes", GeoNode.Of(
                ("channel", GeoNode.Of(request.Channel)), ("body_id", GeoNode.Of(request.Body)), ("area_id", GeoNode.Of(request.Area)), ("support_count", GeoNode.Of((double)request.SupportCount)),
                ("photos", GeoNode.Of("photo", request.Photos.Select(photo => GeoNode.Of(site.Of(photo).AbsoluteUri)))))));
            fields.Add(("notes", GeoNode.Of("note", request.Notes.Select(note => GeoNode.Of(("datetime", Date(note.At)), ("description", GeoNode.Of(note.Said.In(call.Language))), ("type", GeoNode.Of(note.Action)))))));
        }
        return GeoNode.Of(fields);
    }

    /// <summary>Date and time with the offset of the installation's zone.</summary>
    public GeoNode Date(long? instant) => GeoNode.Of(instant is { } at ? Instants.Write(calendar.LocalAt(at)) : null);

    private GeoNode Attribute(string code, IReadOnlyList<string> values, Category? category)
    {
        var question = category?.Questions.FirstOrDefault(one => one.Code == code);
        return GeoNode.Of(
            ("code", GeoNode.Of(code)), ("label", GeoNode.Of(question?.Words.In(call.Language) ?? code)),
            ("values", GeoNode.Of("value", values.Select(value => GeoNode.Of(
                ("key", GeoNode.Of(value)), ("name", GeoNode.Of(question?.Choices.FirstOrDefault(choice => choice.Key == value)?.Words.In(call.Language) ?? value)))))));
    }

    /// <summary>What there is to say of one that is merged, or of which a body has said something.</summary>
    public string NotesOf(string? target, Text said) => target is null ? said.In(call.Language) : words.In(call.Language, "reports.mergedInto", target);

    public string AddressOf(string photo) => site.Of(photo).AbsoluteUri;

    /// <summary>The postcode in the address; else that of a municipality that has only one.</summary>
    public static string? ZipOf(Area? home, string? address) =>
        home is null ? null
            : (address is null ? null : Postcode().Matches(address).Select(match => match.Value).FirstOrDefault(home.Postcodes.Contains)) ?? (home.Postcodes is [var only] ? only : null);

    [GeneratedRegex(@"\b\d{4}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Postcode();
}

/// <summary>Finds reports for Open311. Hidden and private ones, and categories for professionals, are never there.</summary>
internal sealed class FindServiceRequests(Store store, RoutingMap routing)
{
    /// <summary>Actions that are told also where they leave the state as it was: they say something, or another body has it after them.</summary>
    private static readonly string[] Told = ["comment", "answerReview", "assign", "transfer", "reject"];

    /// <summary>Newest first by (requested_datetime, id); at most 1,000.</summary>
    public async Task<IReadOnlyList<ServiceRequest>> ListAsync(GeoQuery query, CancellationToken cancellation)
    {
        var reports = Shown();
        reports = query.Area is { } area ? reports.Where(r => r.Area == area) : reports;
        reports = query.Ids.Count > 0 ? reports.Where(r => query.Ids.Contains(r.Number)) : Narrow(reports, query);
        var page = await reports.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Number).Skip((query.Page - 1) * query.PageSize).Take(query.PageSize).ToListAsync(cancellation);
        return await WithRowsAsync(page, query.Extensions, cancellation);
    }

    /// <param name="key">Number or id.</param>
    public async Task<ServiceRequest?> FindAsync(string key, string? area, bool extensions, CancellationToken cancellation)
    {
        var reports = area is null ? Shown() : Shown().Where(r => r.Area == area);
        var report = Guid.TryParse(key, out var id) ? await reports.FirstOrDefaultAsync(r => r.Id == id, cancellation) : await reports.FirstOrDefaultAsync(r => r.Number == key, cancellation);
        return report is null ? null : (await WithRowsAsync([report], extensions, cancellation))[0];
    }

    /// <summary>Changes of state and words for the public between two instants, oldest first, at most 1,000.</summary>
    public async Task<IReadOnlyList<ServiceUpdate>> UpdatesAsync(long from, long to, string? area, CancellationToken cancellation)
    {
        var reports = area is null ? Shown() : Shown().Where(r => r.Area == area);
        var found = await store.Set<ReportEntry>().AsNoTracking().Where(e => !e.Internal && e.At >= from && e.At <= to && e.Action != "submit" && (e.State != null || Told.Contains(e.Action)))
            .Join(reports, e => e.ReportId, r => r.Id, (e, r) => new { r.Number, r.State, Entry = e })
            .OrderBy(row => row.Entry.At).ThenBy(row => row.Entry.Id).Take(GeoQuery.PageSizeMax).ToListAsync(cancellation);
        var ids = found.Select(row => row.Entry.ReportId).Distinct().ToList();
        var hidden = await store.Set<ReportWordsRow>().Where(words => ids.Contains(words.ReportId) && words.Hidden).Select(words => words.ReportId).ToListAsync(cancellation);
        foreach (var row in found.Where(row => row.Entry.ActingBody is null && hidden.Contains(row.Entry.ReportId)))
        {
            row.Entry.Text = Text.Empty;
        }
        var pictures = await PicturesAsync(ids, cancellation);
        var states = (await store.Set<ReportEntry>().AsNoTracking().Where(e => ids.Contains(e.ReportId) && e.State != null).OrderBy(e => e.At).ThenBy(e => e.Id)
            .Select(e => new { e.ReportId, e.At, State = e.State!.Value }).ToListAsync(cancellation)).ToLookup(e => e.ReportId, e => (e.At, e.State));
        return
        [
            .. found.Select(row => new ServiceUpdate(
                row.Entry.Id, row.Number, StateAt(row.Entry, states[row.Entry.ReportId]) ?? row.State, row.Entry.At, row.Entry.Text,
                PhotoOf(row.Entry, pictures[row.Entry.ReportId], states[row.Entry.ReportId].Where(one => one.State == ReportState.Resolved).Select(one => one.At)))),
        ];
    }

    /// <summary>The state that it left, or found; null when the history never says any, as that of an imported report.</summary>
    /// <param name="states">Those of the report, oldest first.</param>
    private static ReportState? StateAt(ReportEntry entry, IEnumerable<(long At, ReportState State)> states) =>
        entry.State ?? states.Where(one => one.At <= entry.At).Select(one => (ReportState?)one.State).LastOrDefault();

    /// <summary>What came in the same unit; of a repair also what was sent for it before, since the last one.</summary>
    private static string? PhotoOf(ReportEntry entry, IEnumerable<ReportPicture> pictures, IEnumerable<long> solved)
    {
        var since = entry.State == ReportState.Resolved ? solved.Where(at => at < entry.At).DefaultIfEmpty(long.MinValue).Max() : entry.At;
        var picture = pictures.FirstOrDefault(picture => picture.File.CreatedAt == entry.At || (picture.Photo.After && picture.File.CreatedAt > since && picture.File.CreatedAt <= entry.At));
        return picture is null ? null : ReportJson.UrlOf(picture, "large");
    }

    private IQueryable<Report> Shown() => ShownBy(routing.Current.Map)(store.Set<Report>().AsNoTracking());

    /// <summary>What everybody may see whole.</summary>
    public static Func<IQueryable<Report>, IQueryable<Report>> ShownBy(RoutingSnapshot map)
    {
        var closed = map.Categories.All.Where(category => category.ProfessionalOnly).Select(category => category.Code).ToList();
        return reports => reports.Where(r => r.Visibility == Visibility.Public && r.State != ReportState.Withdrawn && !closed.Contains(r.Category));
    }

    private static IQueryable<Report> Narrow(IQueryable<Report> reports, GeoQuery query)
    {
        reports = reports.Where(r => r.CreatedAt >= query.From && r.CreatedAt <= query.To);
        reports = query.Codes.Count > 0 ? reports.Where(r => query.Codes.Contains(r.Category)) : reports;
        var states = Enum.GetValues<ReportState>().Where(state => state.IsOpen() == query.Open).ToList();
        reports = query.Open is null ? reports : reports.Where(r => states.Contains(r.State));
        reports = query.Box is [var minLon, var minLat, var maxLon, var maxLat] ? reports.Where(r => r.Lon >= minLon && r.Lon <= maxLon && r.Lat >= minLat && r.Lat <= maxLat) : reports;
        reports = query.UpdatedAfter is { } after ? reports.Where(r => (r.EndedAt ?? r.UpdatedAt) > after) : reports;
        return query.UpdatedBefore is { } before ? reports.Where(r => (r.EndedAt ?? r.UpdatedAt) < before) : reports;
    }

    private async Task<IReadOnlyList<ServiceRequest>> WithRowsAsync(IReadOnlyList<Report> reports, bool extensions, CancellationToken cancellation)
    {
        var ids = reports.Select(r => r.Id).ToList();
        var words = await store.Set<ReportWordsRow>().AsNoTracking().Where(w => ids.Contains(w.ReportId)).ToDictionaryAsync(w => w.ReportId, cancellation);
        var entries = (await store.Set<ReportEntry>().AsNoTracking().Where(e => ids.Contains(e.ReportId) && !e.Internal).OrderBy(e => e.At).ThenBy(e => e.Id).ToListAsync(cancellation)).ToLookup(e => e.ReportId);
        var pictures = await PicturesAsync(ids, cancellation);
        var targets = await ReadReport.TargetsAsync(store, reports, cancellation);
        return
        [
            .. reports.Select(report => Of(report, words.GetValueOrDefault(report.Id), [.. entries[report.Id]], [.. pictures[report.Id]], extensions) with
            {
                Target = ReadReport.TargetOf(report, targets) is { } target && Report.LinkIsPublic(report, target) ? target.Number : null,
            }),
        ];
    }

    /// <summary>Those that everybody may see and that are drawn, of the problem first.</summary>
    private async Task<ILookup<Guid, ReportPicture>> PicturesAsync(List<Guid> reports, CancellationToken cancellation) =>
        (await store.Set<ReportPhoto>().AsNoTracking().Where(p => reports.Contains(p.ReportId) && !p.Hidden).OrderBy(p => p.After).ThenBy(p => p.Order)
            .Join(store.Set<StoredFile>().AsNoTracking(), p => p.FileId, f => f.Id, (p, f) => new ReportPicture(p, f)).ToListAsync(cancellation)).Where(p => p.Ready).ToLookup(p => p.Photo.ReportId);

    /// <summary>Null when the words are hidden.</summary>
    private static ReportWordsRow? Shown(ReportWordsRow? words) => words is { Hidden: false } ? words : null;

    internal static ServiceRequest Of(Report report, ReportWordsRow? words, IReadOnlyList<ReportEntry> entries, IReadOnlyList<ReportPicture> pictures, bool extensions) => new(
        report.Number, report.Category, report.State, Shown(words)?.Description ?? "", report.Holder, report.Area, report.CreatedAt, report.EndedAt ?? report.UpdatedAt, report.DueAt, Shown(words)?.Address,
        report.Lon, report.Lat)
    {
        Said = entries.LastOrDefault(entry => entry.ActingBody is not null && !entry.Text.IsEmpty)?.Text ?? Text.Empty,
        Photos = [.. pictures.Select(picture => ReportJson.UrlOf(picture, "large"))],
        Channel = report.Channel,
        SupportCount = report.Supporters,
        Answers = extensions && Shown(words) is { } said ? JsonSerializer.Deserialize<Answers>(said.Answers, Json.Options)! : Answers.None,
        Notes = extensions ? [.. entries.Where(entry => !entry.Text.IsEmpty && (entry.ActingBody is not null || words?.Hidden != true)).Select(entry => new ServiceNote(entry.At, entry.Action, entry.Text))] : [],
    };
}
