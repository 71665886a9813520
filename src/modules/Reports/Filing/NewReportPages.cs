using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Zinneke.Geo;
using Zinneke.Kernel;
using Zinneke.Ui;

namespace Zinneke.Reports;

/// <summary>
/// <c>/{lang}/reports/new</c>: where, what, details, send. Every screen posts to the same address; the answer is the next screen, or the same one with its faults (422).
/// Only the last one changes anything, and redirects.
/// </summary>
internal static class NewReportPages
{
    /// <summary>Id of the form on each of the four screens.</summary>
    internal const string FormId = "report";

    private const string Purpose = "reports.new";
    private static readonly TimeSpan DraftLife = TimeSpan.FromDays(1);

    /// <summary>The way through the screens, back and forth; sending counts with what the API takes.</summary>
    private static readonly RateLimit Steps = new("reports-form", new Quota(120, TimeSpan.FromHours(1)), new Quota(600, TimeSpan.FromDays(1)));

    public static void Map(Doors doors)
    {
        doors.Pages.MapGet("/reports/new", Begin).Public();
        doors.Pages.MapPost("/reports/new", GoOnAsync).Public().Limited(Steps).BodyUpTo(UploadLimits.Default.BodyBytesMax);
    }

    private static async Task<IResult> Begin(
        HttpContext http, Screens screens, Ids ids, PlaceSearch places, double? lon, double? lat, string? category, string? q, string? street, string? area, CancellationToken cancellation)
    {
        var isPlace = lon is >= -180 and <= 180 && lat is >= -90 and <= 90;
        var draft = new Draft { Report = new NewReport { ClientId = ids.Next(), Lang = http.Language(), Lon = isPlace ? lon : null, Lat = isPlace ? lat : null, Category = category ?? "" } };
        return street is not null ? await screens.ChooseAsync(http, draft, street, cancellation)
            : q is null ? await screens.ShowAsync(http, draft, Screen.Where, null, isPlace ? null : places.FrameOf(area), cancellation)
            // What was typed in the search box of the home page is a place the map can go to, else an address for people to read.
            : await screens.FindPlaceAsync(http, draft, q, draft with { Report = draft.Report with { Address = q } }, cancellation);
    }

    private static async Task<IResult> GoOnAsync(HttpContext http, Screens screens, FileStore files, Ids ids, Signer signer, CancellationToken cancellation)
    {
        if (!(await UploadForm.ReadAsync(http.Request, files)).Is(out var form, out var refusal))
        {
            return refusal.AsProblem();
        }
        await using (form)
        {
            if (!signer.TryRead<Draft>(Purpose, form["state"], out var draft) || draft is null)
            {
                // Left open for more than a day, or changed on the way: what was typed on this screen is all there is.
                var typed = new NewReport { ClientId = ids.Next(), Lang = http.Language(), Address = form["address"] is { Length: > 0 } address ? address : null, Description = form["description"] };
                return await screens.ShowAsync(http, new Draft { Report = typed }, Screen.Where, new Refusal(RefusalKind.Invalid, "reports.draftLost"), null, cancellation);
            }
            draft = draft with { Report = draft.Report with { Lang = http.Language() } };
            var screen = ReportWords.Parse<Screen>(form["step"]) ?? Screen.Where;
            return await screens.TakeAsync(http, form, draft, screen, cancellation);
        }
    }

    /// <summary>The draft as the hidden field carries it.</summary>
    public static string Sign(Signer signer, Draft draft) => signer.Sign(Purpose, draft, DraftLife);
}

/// <summary>Takes what a screen sent and shows the next one.</summary>
internal sealed class Screens(
    RoutingMap routing, NearbyReports nearby, CategorySuggestions suggestions, FileReport file, RouteReport route, Writer writer, Signer signer, TrackLink link, ReadReport read, Caller caller, Ids ids, TimeProvider time, PlaceSearch places,
    Device devices, Senders senders, AddressIndex addresses, Store store, FollowOne follow)
{
    public async Task<IResult> TakeAsync(HttpContext http, UploadForm form, Draft draft, Screen screen, CancellationToken cancellation)
    {
        Screen? asked = form[KeptForm.Stay].Length > 0 ? screen : ReportWords.Parse<Screen>(form["go"]);
        switch (screen)
        {
            case Screen.Where:
                return await TakeWhereAsync(http, form, draft, asked, cancellation);
            case Screen.What:
                return await TakeWhatAsync(http, form, draft, asked, cancellation);
            case Screen.Details:
                return await TakeDetailsAsync(http, form, draft, asked, cancellation);
            default:
                draft = draft with { Report = draft.Report with { Contact = ContactOf(form) } };
                if (form["place"] == "photo" && draft.PhotoPlace is { } photo)
                {
                    draft = draft with { PhotoPlace = null, Report = At(draft.Report, photo.Lon, photo.Lat) };
                    asked = Screen.Send;
                }
                if (form["words"] == "takeOut")
                {
                    draft = draft with { Report = draft.Report.WithoutTelling(routing.Current.Map.Categories.Find(draft.Report.Category)) };
                    asked = Screen.Send;
                }
                return asked is { } shown ? await ShowAsync(http, draft, shown, null, null, cancellation) : await SendAsync(http, draft, cancellation);
        }
    }

    private async Task<IResult> TakeWhereAsync(HttpContext http, UploadForm form, Draft draft, Screen? asked, CancellationToken cancellation)
    {
        var fields = new FormCollection(form.Fields.ToDictionary());
        var place = PlaceInput.Read(fields, places.Start);
        var fault = place.Fault();
        draft = draft with { Report = Placed(draft.Report, place, Blank(form["address"])) };
        if (form["choose"].Length > 0)
        {
            return await ChooseAsync(http, draft, form["choose"], cancellation);
        }
        if (form["find"].Length > 0)
        {
            return await FindPlaceAsync(http, draft, form["q"], null, cancellation, place);
        }
        var stays = place.Again || asked == Screen.Where;
        if (stays || fault is not null)
        {
            return ShowWhere(draft, stays ? null : fault, place.Frame, place, form["q"]);
        }
        draft = draft with { Report = await file.PlacedAsync(draft.Report, cancellation) };
        var next = asked ?? (draft.Report.Category.Length > 0 && IsReportable(draft.Report.Category) ? Screen.Details : Screen.What);
        return HasPlace(draft.Report)
            ? await ShowAsync(http, draft, next, null, place.Frame, cancellation)
            : await ShowAsync(http, draft, Screen.Where, Refusal.Invalid("reports.placeNeeded", "place"), place.Frame, cancellation);
    }

    /// <summary>Leads the map to what was searched for; among several addresses one is chosen.</summary>
    /// <param name="otherwise">Shown without a fault when nothing is found; null for a fault.</param>
    /// <param name="place">The map and the coordinates before.</param>
    public async Task<IResult> FindPlaceAsync(HttpContext http, Draft draft, string words, Draft? otherwise, CancellationToken cancellation, PlaceInput? place = null)
    {
        var found = await places.FindAsync(store, words, cancellation);
        return found switch
        {
            { Addresses: [var only] } => await ChooseAsync(http, draft, only.Id, cancellation),
            { Addresses.Count: > 1 } => ShowWhere(draft, null, found.Frame, place, words, found.Addresses),
            { Frame: { } there } => ShowWhere(draft, null, there, place, words),
            _ when otherwise is not null => ShowWhere(otherwise, null, place?.Frame),
            _ => ShowWhere(draft, Refusal.Invalid("reports.placeNotFound", "q", Fault.Shorten(words)), place?.Frame, place, words),
        };
    }

    /// <summary>Sets the pin on an address, from where it is moved by hand.</summary>
    public async Task<IResult> ChooseAsync(HttpContext http, Draft draft, string address, CancellationToken cancellation) =>
        await addresses.GetAsync(store, address, cancellation) is { } chosen
            ? await ShowAsync(http, draft with { Report = At(draft.Report, chosen.Lon, chosen.Lat) with { Address = chosen.LabelIn(http.Language()) } }, Screen.Where, null, PlaceSearch.Near(chosen), cancellation)
            : await ShowAsync(http, draft, Screen.Where, Refusal.Invalid("reports.placeNotFound", "q", ""), null, cancellation);

    private async Task<IResult> TakeWhatAsync(HttpContext http, UploadForm form, Draft draft, Screen? asked, CancellationToken cancellation)
    {
        if (form["category"].Length > 0)
        {
            if (!IsReportable(form["category"]))
            {
                return await ShowAsync(http, draft, Screen.What, Refusal.Invalid("reports.unknownCategory", "category", Fault.Shorten(form["category"])), null, cancellation);
            }
            return await ShowAsync(http, draft with { Report = draft.Report with { Category = form["category"] } }, Screen.Details, null, null, cancellation);
        }
        if (asked is Screen.Where)
        {
            return await ShowAsync(http, draft, Screen.Where, null, null, cancellation);
        }
        return await ShowWhatAsync(http, draft, form["q"], asked is Screen.What || form["q"].Length > 0 || form["search"].Length > 0 ? null : Refusal.Invalid("reports.categoryNeeded", "category"), cancellation);
    }

    private async Task<IResult> TakeDetailsAsync(HttpContext http, UploadForm form, Draft draft, Screen? asked, CancellationToken cancellation)
    {
        if (form["follow"].Length > 0)
        {
            return await FollowAsync(http, form, draft, cancellation);
        }
        var kept = new List<DraftPhoto>(draft.Photos.Where(p => p.File.ToString() != form["remove"]));
        var refusals = form.Refusals.Select(r => r with { Field = "photo" }).ToList();
        if (kept.Count + form.Photos.Count > NewReport.PhotosMax)
        {
            refusals.Add(Refusal.Invalid("reports.tooManyPhotos", "photo", NewReport.PhotosMax));
        }
        else
        {
            kept.AddRange(await KeepAsync(form.Photos, cancellation));
        }
        var accepted = AcceptedPlace(form);
        draft = draft with
        {
            Photos = kept,
            PhotoPlace = accepted is null ? PlaceOf(form.Photos) ?? draft.PhotoPlace : null,
            Report = draft.Report with
            {
                Description = form["description"].ReplaceLineEndings("\n").Trim(),
                SideAnswer = Blank(form["side"]),
                Answers = AnswersOf(form, draft.Report.Category),
            },
        };
        if (accepted is { } taken) // A place read from the photo, accepted by its box.
        {
            draft = draft with { Report = At(draft.Report, taken.Lon, taken.Lat) };
        }
        if (refusals.Count > 0)
        {
            return await ShowAsync(http, draft, Screen.Details, Refusal.Of(refusals), null, cancellation);
        }
        if (asked is { } shown and <= Screen.Details || form["remove"].Length > 0)
        {
            return await ShowAsync(http, draft, form["remove"].Length > 0 ? Screen.Details : asked!.Value, null, null, cancellation);
        }
        var wrong = FaultsOfDetails(draft.Report);
        return await ShowAsync(http, draft, wrong is null ? Screen.Send : Screen.Details, wrong, null, cancellation);
    }

    /// <summary>One of those near is followed instead, as one more for whom it exists; the draft stays as it was.</summary>
    private async Task<IResult> FollowAsync(HttpContext http, UploadForm form, Draft draft, CancellationToken cancellation)
    {
        var refusal = form["near"].Length == 0 ? Refusal.Invalid("reports.required", "near") : await follow.ReportAsync(http, form["near"], form["email"], alsoMe: true, cancellation);
        if (!HasPlace(draft.Report) || !IsReportable(draft.Report.Category))
        {
            return await ShowAsync(http, draft, Screen.Details, null, null, cancellation);
        }
        var view = await DetailsAsync(draft, null, cancellation) with { Follow = new FollowNear(form["near"], form["email"], refusal) };
        return Page<Pages.DetailsPage>(view, refusal);
    }

    private async Task<IResult> SendAsync(HttpContext http, Draft draft, CancellationToken cancellation)
    {
        var sent = draft.Report with { Photos = [.. draft.Photos.Select(p => p.File)], Subscribe = draft.Report.Contact?.Email is not null };
        if ((await http.TakeAsync(FileReportApi.Submitting) ?? FileReportApi.TakeOfDevice(http, devices.Of(http.Request))) is { } tooMany && await file.SentBeforeAsync(sent, cancellation) is not { Ok: true })
        {
            return await ShowAsync(http, draft, Screen.Send, tooMany, null, cancellation);
        }
        var device = Device.NameOf(http.Request) ?? Device.NewName();
        var sender = Sender.Of(caller) with { From = senders.Of(http, caller, devices.Of(device)) };
        var outcome = await file.RunAsync(sent, [], sender, writer.DoAsync, cancellation);
        if (!outcome.Is(out var filed, out var refusal))
        {
            var screen = refusal.All().Any(r => r.Field?.StartsWith("contact", StringComparison.Ordinal) == true) ? Screen.Send
                : refusal.All().Any(r => r.Field is "lon" or "lat" or "place" or "address" or "accuracyM") ? Screen.Where
                : refusal.All().Any(r => r.Field == "category") ? Screen.What : Screen.Details;
            var gone = (refusal.Members.GetValueOrDefault(FileReport.Gone) as IEnumerable<Guid> ?? []).ToHashSet();
            return await ShowAsync(http, draft with { Photos = [.. draft.Photos.Where(p => !gone.Contains(p.File))] }, screen, AtField(refusal), null, cancellation);
        }
        Device.Mark(http, device);
        if (filed.Replayed)
        {
            http.GiveBackQuota();
        }
        var detail = filed.Stored ?? (await read.DetailAsync(filed.Id.ToString(), cancellation))!;
        return new SeeOther($"{link.PathOf(detail.Report, http.Language())}&sent=1");
    }

    /// <summary>The answer at a boundary has a shorter name in the form.</summary>
    private static Refusal AtField(Refusal refusal) => refusal with { Field = refusal.Field == "sideAnswer" ? "side" : refusal.Field, Errors = [.. refusal.Errors.Select(AtField)] };

    /// <summary>Shows a screen; with faults when there are some.</summary>
    public async Task<IResult> ShowAsync(HttpContext http, Draft draft, Screen screen, Refusal? refusal, MapFrame? frame, CancellationToken cancellation) => screen switch
    {
        // A form that was left open too long comes back without what it carried.
        Screen.Details or Screen.Send when !HasPlace(draft.Report) => await ShowAsync(http, draft, Screen.Where, refusal ?? Refusal.Invalid("reports.placeNeeded", "place"), frame, cancellation),
        Screen.Where => ShowWhere(draft, refusal, frame),
        Screen.What => await ShowWhatAsync(http, draft, "", refusal, cancellation),
        Screen.Details or Screen.Send when !IsReportable(draft.Report.Category) => await ShowWhatAsync(http, draft, "", refusal, cancellation),
        Screen.Details => Page<Pages.DetailsPage>(await DetailsAsync(draft, refusal, cancellation), refusal),
        _ => Page<Pages.SendPage>(Summary(draft, refusal), refusal),
    };

    private RazorComponentResult<Pages.WherePage> ShowWhere(
        Draft draft, Refusal? refusal, MapFrame? frame, PlaceInput? place = null, string words = "", IReadOnlyList<Address>? found = null) => Page<Pages.WherePage>(
        new WhereView(NewReportPages.Sign(signer, draft), draft.Report, frame ?? places.FrameOf(draft.Report), found ?? [], addresses.Streets.Count > 0, refusal) { Words = words, Typed = place }, refusal);

    private async Task<IResult> ShowWhatAsync(HttpContext http, Draft draft, string words, Refusal? refusal, CancellationToken cancellation)
    {
        var map = routing.Current.Map;
        var found = words.Length > 0 ? suggestions.Find(words, IsProfessional) : [];
        var usual = words.Length == 0 ? suggestions.UsualNear(draft.Report, IsProfessional) : [];
        return Page<Pages.WhatPage>(new WhatView(NewReportPages.Sign(signer, draft), draft.Report, map.Categories, words, found, usual, IsProfessional, refusal), refusal);
    }

    private async Task<DetailsView> DetailsAsync(Draft draft, Refusal? refusal, CancellationToken cancellation)
    {
        var map = routing.Current.Map;
        var category = map.Categories.Find(draft.Report.Category)!;
        var near = draft.Report is { Lon: { } lon, Lat: { } lat } ? await nearby.AtAsync(new LonLat(lon, lat), category, map.Categories, cancellation) : [];
        var found = route.Preview(routing.Current, Sought.Of(draft.Report with { SideAnswer = null }, draft.Report.Answers, time.NowMicros())).Value;
        return new DetailsView(NewReportPages.Sign(signer, draft), draft, category, map.Categories, near, found.Question, found, map.Find(found.Body)!, refusal);
    }

    private SendView Summary(Draft draft, Refusal? refusal)
    {
        var map = routing.Current.Map;
        var found = route.Preview(routing.Current, Sought.Of(draft.Report, draft.Report.Answers, time.NowMicros()));
        var body = map.Find(found.Ok ? found.Value.Body : map.Rules.CoordinatorBody)!;
        var home = found.Ok ? map.Municipality(found.Value.Area) : null;
        return new SendView(NewReportPages.Sign(signer, draft), draft, map.Categories.Find(draft.Report.Category)!, home, body, found.Ok ? found.Value.Rule?.Explain : null, refusal)
        {
            Tells = [.. draft.Report.Written(map.Categories.Find(draft.Report.Category)!).SelectMany(TellingWords.Find).Distinct()],
        };
    }

    private Refusal? FaultsOfDetails(NewReport report)
    {
        var faults = report.Faults().Where(f => f.Field is "description").ToList();
        if (report.Answers.Check(routing.Current.Map.Categories.Find(report.Category)!).Refusal is { } wrong)
        {
            faults.AddRange(wrong.All());
        }
        return faults.Count == 0 ? null : Refusal.Of(faults);
    }

    private async Task<IEnumerable<DraftPhoto>> KeepAsync(IReadOnlyList<IncomingPhoto> photos, CancellationToken cancellation)
    {
        var files = new List<StoredFile>();
        foreach (var photo in photos)
        {
            files.Add(StoredFile.Of(await photo.KeepAsync(cancellation), ids.Next(), time.NowMicros()));
        }
        if (files.Count > 0)
        {
            await writer.DoAsync(caller.Actor, unit =>
            {
                unit.Store.AddRange(files);
                return Task.CompletedTask;
            }, cancellation);
        }
        return files.Select(f => new DraftPhoto(f.Id, $"{f.Width} × {f.Height}"));
    }

    private Answers AnswersOf(UploadForm form, string category)
    {
        var (map, prefix) = (routing.Current.Map, "answers.");
        var typed = new Answers(form.Fields.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(f => KeyValuePair.Create(f.Key[prefix.Length..], ValuesOf(f.Value))));
        return map.Categories.Find(category) is { } known ? typed.Read(known, map.CalendarOf(null).Zone) : typed;
    }

    /// <summary>Words and sides said of one place say nothing of another.</summary>
    private static NewReport At(NewReport report, double? lon, double? lat) =>
        (lon, lat) == (report.Lon, report.Lat) ? report : report with { Lon = lon, Lat = lat, AccuracyM = null, Address = null, SideAnswer = null };

    /// <summary>At the pin that was sent, if it is one, with the words beside it: those of the pin before say nothing of where it is now.</summary>
    private static NewReport Placed(NewReport report, PlaceInput place, string? address)
    {
        var isPin = place is { Lon: not null, Lat: not null };
        var moved = isPin && report.Lon is not null && (report.Lon, report.Lat) != (place.Lon, place.Lat);
        return At(report, isPin ? place.Lon : null, isPin ? place.Lat : null) with { AccuracyM = place.AccuracyMetres, Address = moved && address == report.Address ? null : address };
    }

    private static bool HasPlace(NewReport report) => report is { Lon: not null, Lat: not null } or { Address: not null };

    /// <summary>Categories for professionals are offered and taken too.</summary>
    private bool IsProfessional => caller.CanSomewhere(ReportPermissions.Submit);

    private bool IsReportable(string category) => routing.Current.Map.Categories.Reportable(category, IsProfessional).Ok;

    private static IReadOnlyList<string> ValuesOf(StringValues values) => [.. values.OfType<string>().Where(v => v.Length > 0)];

    private static NewContact ContactOf(UploadForm form) => new() { Email = Blank(form["contact.email"]), Name = Blank(form["contact.name"]), Phone = Blank(form["contact.phone"]) };

    private static LonLat? AcceptedPlace(UploadForm form) => form["photoPlace"].Split(',') is [var lon, var lat]
        && double.TryParse(lon, System.Globalization.CultureInfo.InvariantCulture, out var x) && double.TryParse(lat, System.Globalization.CultureInfo.InvariantCulture, out var y) && Math.Abs(x) <= 180 && Math.Abs(y) <= 90
        ? new LonLat(x, y) : null;

    /// <summary>The first place that a photo brings: only those sent without JavaScript still do.</summary>
    private static PhotoPlace? PlaceOf(IEnumerable<IncomingPhoto> photos) =>
        photos.Select(photo => photo.About.Hints is { Longitude: { } lon, Latitude: { } lat } ? new PhotoPlace(lon, lat) : null).FirstOrDefault(place => place is not null);

    private static string? Blank(string words) => string.IsNullOrWhiteSpace(words) ? null : words.Trim();

    private static RazorComponentResult<TPage> Page<TPage>(object view, Refusal? refusal) where TPage : Microsoft.AspNetCore.Components.IComponent =>
        new(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = refusal is null ? StatusCodes.Status200OK : (int)refusal.Kind };
}
