using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>POST requests</c> of Open311: takes a report from another program, under a key of the scope <c>open311</c>.</summary>
internal sealed class TakeServiceRequest(FileReport file, FileStore files, Callers callers, Device devices, Senders senders, Writer writer, Database database, AddressIndex addresses, RoutingMap routing, GeoSandbox sandbox, Outgoing outgoing, Settings settings, Words words, Ids ids, TimeProvider time)
{
    private const string Channel = "open311";
    private static readonly TimeSpan FetchPatience = TimeSpan.FromSeconds(10);

    /// <summary>Of one network address with the key in the body, where it is known only once all is read.</summary>
    internal static RateLimit Knocking { get; } = new("open311-send", new Quota(120, TimeSpan.FromMinutes(1)));

    /// <summary>Photos come as parts <c>media</c>.</summary>
    public static UploadLimits Limits { get; } = new() { PhotoField = "media", PhotosMax = NewReport.PhotosMax };

    /// <param name="isTest">For the sandbox: checked and kept for a while, and nobody gets it.</param>
    /// <returns>200 with the number; 403 without a key, 404 for a service that there is not, 400 for everything else.</returns>
    public async Task<IResult> RunAsync(string format, bool isTest, Caller caller, HttpContext http)
    {
        if (!caller.IsByKey && http.Take(Knocking) is { } often)
        {
            return often.AsProblem();
        }
        if (!(await UploadForm.ReadAsync(http.Request, files, Limits)).Is(out var form, out var refusal))
        {
            return refusal.AsProblem();
        }
        await using (form)
        {
            GeoRequest.Hear(http, form);
            if (!(await KnownAsync(form, caller, callers, http)).Is(out caller!, out refusal))
            {
                return refusal.AsProblem();
            }
            if (!caller.CanSomewhere(ReportPermissions.Request))
            {
                return NoKey.AsProblem();
            }
            if (!isTest && FileReportApi.TakeOfDevice(http, devices.Of(form["device_id"])) is { } tooMany)
            {
                return tooMany.AsProblem();
            }
            if (!GeoRequest.Of(http, format, routing.Current.Map, settings, form["jurisdiction_id"]).Is(out var call, out refusal) || !Read(form, call, caller, http).Is(out var report, out refusal)
                || !(await LocateAsync(report, form["address_id"], http.RequestAborted)).Is(out report, out refusal))
            {
                return refusal.AsProblem();
            }
            return await TakeAsync(report, form, call, isTest, caller, http);
        }
    }

    /// <summary>Who sends a form: by the key of the call, or by the one inside the form.</summary>
    internal static async Task<Outcome<Caller>> KnownAsync(UploadForm form, Caller caller, Callers callers, HttpContext http)
    {
        if (caller.IsByKey)
        {
            return caller;
        }
        return form["api_key"] is not { Length: > 0 } key || await callers.OfKeyAsync(key, caller.Language, http.RequestAborted) is not { } known ? NoKey
            : http.TakeQuotaOf(known) is { } spent ? spent
            : known;
    }

    private static Refusal NoKey => new(RefusalKind.Forbidden, "reports.open311Key", "api_key");

    private async Task<IResult> TakeAsync(NewReport report, UploadForm form, GeoRequest call, bool isTest, Caller caller, HttpContext http)
    {
        // Of the channel; what is for professionals alone is refused before.
        var sender = new Sender(caller.Actor, null, Professional: true) { From = isTest ? null : senders.Of(http, caller, devices.Of(form["device_id"])) };
        if (!(await ExamineAsync(report, call, sender, http.RequestAborted)).Is(out var examined, out var refusal))
        {
            // What is sent again is answered again, whatever has gone since.
            return !isTest && await file.SentBeforeAsync(report, http.RequestAborted) is { } before ? Answer(call, http, before) : refusal.AsProblem();
        }
        if (!isTest)
        {
            return Answer(call, http, await FileAsync(examined, form, http.RequestAborted));
        }
        var (now, route) = (time.NowMicros(), examined.Route);
        var category = call.Map.Categories.Find(report.Category)!;
        var due = category.Promise?.For(route.Body, category.Priority, route.Rule?.Sla) is { } sla ? DueDate.Of(now, sla, call.Map.CalendarOf(route.Body)) : (long?)null;
        var kept = sandbox.Add(new ServiceRequest("", report.Category, ReportState.Assigned, report.Description ?? "", route.Body, route.Area, now, now, due, report.Address, examined.Sent.Lon, examined.Sent.Lat)
        {
            Channel = Channel,
            Answers = report.Answers,
        });
        return Answer(call, kept.Id, route.Body);
    }

    /// <summary>Whether it can be taken here, and who gets it.</summary>
    private async Task<Outcome<Examined>> ExamineAsync(NewReport report, GeoRequest call, Sender sender, CancellationToken cancellation)
    {
        if (!call.Map.Categories.Reportable(report.Category, professional: false).Is(out _, out _))
        {
            return Open311.UnknownService(report.Category);
        }
        return (await file.ExamineAsync(report, sender, cancellation)).Then<Examined>(examined =>
            call.Area is null || examined.Route.Area == call.Area ? examined : Refusal.Invalid("reports.outsideJurisdiction", "jurisdiction_id"));
    }

    private async Task<Outcome<Filed>> FileAsync(Examined examined, UploadForm form, CancellationToken cancellation)
    {
        await using var fetched = form["media_url"] is { Length: > 0 } address && form.Photos.Count < NewReport.PhotosMax ? await FetchAsync(address, cancellation) : null;
        return await file.RunAsync(examined, fetched is null ? form.Photos : [.. form.Photos, fetched], writer.DoAsync, cancellation);
    }

    /// <summary>The photo at an address; null when it cannot be had: the report is worth more than its photo.</summary>
    private async Task<IncomingPhoto?> FetchAsync(string address, CancellationToken cancellation)
    {
        if (await outgoing.GetAsync(address, (int)Limits.Photo.BytesMax, FetchPatience, cancellation) is not { } bytes)
        {
            return null;
        }
        using var stream = new MemoryStream(bytes);
        return (await IncomingPhoto.ReadAsync(stream, files, Limits.Photo, cancellation)).Is(out var photo, out _) ? photo : null;
    }

    private IResult Answer(GeoRequest call, HttpContext http, Outcome<Filed> outcome)
    {
        if (!outcome.Is(out var filed, out var refusal))
        {
            return refusal.AsProblem();
        }
        if (filed.Replayed)
        {
            http.Response.Headers["Idempotent-Replay"] = "true";
        }
        return Answer(call, filed.Number, filed.Holder ?? call.Map.Rules.CoordinatorBody);
    }

    private GeoAnswer Answer(GeoRequest call, string number, string body) => new(call.Format, "service_requests", GeoNode.Of("request", [GeoNode.Of(
        ("service_request_id", GeoNode.Of(number)), ("service_notice", GeoNode.Of(words.In(call.Language, "reports.choice.rule", call.Map.Find(body)?.Names.In(call.Language) ?? body))),
        ("account_id", GeoNode.Of((string?)null)))]));

    /// <summary>The arguments as a report. That of a person's account says nothing that is needed, and is not kept; that of the device counts, and can be blocked.</summary>
    private Outcome<NewReport> Read(UploadForm form, GeoRequest call, Caller caller, HttpContext http)
    {
        if (form["service_code"] is not { Length: > 0 } code)
        {
            return Refusal.Invalid("reports.required", "service_code");
        }
        if (form.Refusals.Count > 0)
        {
            return Refusal.Of(form.Refusals);
        }
        if (!Degrees(form, "lat").Is(out var lat, out var refusal) || !Degrees(form, "long").Is(out var lon, out refusal))
        {
            return refusal;
        }
        return new NewReport
        {
            ClientId = ClientIdOf(http, caller),
            Category = code,
            Lon = double.IsNaN(lon) ? null : lon,
            Lat = double.IsNaN(lat) ? null : lat,
            Address = form["address_string"] is { Length: > 0 } address ? address : null,
            Description = form["description"],
            Lang = call.Language,
            Answers = AnswersOf(form),
            Contact = new NewContact { Email = form["email"], Name = $"{form["first_name"]} {form["last_name"]}".Trim(), Phone = form["phone"] },
            Channel = Channel,
        };
    }

    /// <summary>The place of an address that the index knows by its id, when nothing else says where it is.</summary>
    private async Task<Outcome<NewReport>> LocateAsync(NewReport report, string id, CancellationToken cancellation)
    {
        if (id.Length == 0 || report.Lon is not null || report.Address is not null)
        {
            return report;
        }
        await using var store = database.Open();
        return await addresses.GetAsync(store, id, cancellation) is { } known
            ? report with { Address = known.LabelIn(report.Lang), Lon = known.Lon, Lat = known.Lat }
            : Refusal.Invalid("reports.unknownAddress", "address_id", Fault.Shorten(id));
    }

    /// <summary>Not a number when it was not given; 400 when it cannot be read.</summary>
    private static Outcome<double> Degrees(UploadForm form, string name) => form[name] is not { Length: > 0 } text ? double.NaN
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && double.IsFinite(degrees) ? degrees
        : Refusal.Invalid(name == "lat" ? "reports.latitudeOutside" : "reports.longitudeOutside", name);

    /// <summary><c>attribute[code]=value</c>, and <c>attribute[code][]=value</c> as often as there are values.</summary>
    private static Answers AnswersOf(UploadForm form)
    {
        const string opens = "attribute[";
        return new Answers(form.Fields.Where(field => field.Key.StartsWith(opens, StringComparison.Ordinal) && field.Key.Contains(']', StringComparison.Ordinal))
            .GroupBy(field => field.Key[opens.Length..field.Key.IndexOf(']', StringComparison.Ordinal)], StringComparer.Ordinal)
            .Select(question => KeyValuePair.Create<string, IReadOnlyList<string>>(question.Key, [.. question.SelectMany(field => field.Value).OfType<string>().Where(value => value.Length > 0)])));
    }

    /// <summary>
    /// An Idempotency-Key becomes the client id of the report, which is a unique key of its transaction: sent again, however late, it is the same report. A UUID of version 8 (RFC 9562).
    /// </summary>
    private Guid ClientIdOf(HttpContext http, Caller caller)
    {
        if (http.Request.Headers["Idempotency-Key"].ToString() is not { Length: > 0 } key)
        {
            return ids.Next();
        }
        return IdOf([.. caller.Actor.Id.ToByteArray(), .. Encoding.UTF8.GetBytes(key)]);
    }

    /// <summary>An id that is the same for the same bytes.</summary>
    internal static Guid IdOf(ReadOnlySpan<byte> of)
    {
        var bytes = SHA256.HashData(of).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
