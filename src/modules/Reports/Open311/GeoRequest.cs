using System.Globalization;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What is chosen for Open311.</summary>
internal static class Open311Settings
{
    public static Setting<string> JurisdictionId { get; } = new(
        "open311.jurisdictionId", "The installation's own jurisdiction_id in Open311; the id of a municipality limits a call to it.", "region", text => text.Trim() is { Length: > 0 } id ? id : throw new FormatException())
    {
        Expected = "a word such as brussels.be",
    };

    public static Setting<bool> RequireJurisdiction { get; } = Setting.Switch("open311.requireJurisdiction", "Whether every call of Open311 has to name a jurisdiction_id.", false);
}

/// <summary>What every call of Open311 says: its format, language and jurisdiction.</summary>
/// <param name="Area">Id of the municipality to which the call is limited, or null.</param>
/// <param name="Map">The catalogue, areas and bodies in force.</param>
internal sealed record GeoRequest(GeoFormat Format, string Language, string? Area, RoutingSnapshot Map)
{
    /// <summary>Reads what a call says in its address.</summary>
    /// <returns>404 for a format or jurisdiction that there is not, 400 when a jurisdiction is needed.</returns>
    public static Outcome<GeoRequest> Of(HttpContext http, string format, RoutingSnapshot map, Settings settings, string? jurisdiction = null)
    {
        if (GeoAnswer.FormatOf(format) is not { } known)
        {
            return new Refusal(RefusalKind.NotFound, "kernel.notFound");
        }
        var asked = jurisdiction is { Length: > 0 } ? jurisdiction : http.Request.Query["jurisdiction_id"].ToString();
        if (asked.Length == 0)
        {
            return settings.Get(Open311Settings.RequireJurisdiction) ? Refusal.Invalid("reports.required", "jurisdiction_id") : new GeoRequest(known, LanguageOf(http), null, map);
        }
        var area = map.Municipality(asked)?.Id;
        return area is not null || asked == settings.Get(Open311Settings.JurisdictionId)
            ? new GeoRequest(known, LanguageOf(http), area, map)
            : new Refusal(RefusalKind.NotFound, "reports.unknownJurisdiction", "jurisdiction_id");
    }

    /// <summary>That of the argument <c>lang</c>, of the form before the address, else as the request asks.</summary>
    public static string LanguageOf(HttpContext http) => http.Features.Get<Asked>() is { } form ? form.Language
        : http.Request.Query["lang"].ToString() is var asked && Languages.Known(asked) ? asked : http.Language();

    /// <summary>Answers and refuses from now on in the language that a form asks for.</summary>
    public static void Hear(HttpContext http, UploadForm form)
    {
        if (form["lang"] is var asked && Languages.Known(asked))
        {
            http.Features.Set(new Asked(asked));
        }
    }

    /// <summary>A field as Open311 calls it.</summary>
    public static string Theirs(string field) => field switch
    {
        "lon" => "long",
        "category" => "service_code",
        "address" => "address_string",
        "contact.email" => "email",
        "contact.name" => "first_name",
        "contact.phone" => "phone",
        "clientId" => "Idempotency-Key",
        "text" => "description",
        _ when field.StartsWith("answers.", StringComparison.Ordinal) => $"attribute[{field["answers.".Length..]}]",
        _ => field,
    };

    private sealed record Asked(string Language);
}

/// <summary>Which requests are asked for; empty arguments count as absent.</summary>
internal sealed record GeoQuery
{
    public const int PageSizeMax = 1000;
    private static readonly long SpanMax = TimeSpan.FromDays(90).ToMicros();

    /// <summary>Numbers; when there are any, nothing else counts.</summary>
    public IReadOnlyList<string> Ids { get; private init; } = [];

    public IReadOnlyList<string> Codes { get; private init; } = [];

    /// <summary>Sent from this instant, UTC microseconds, inclusive.</summary>
    public long From { get; private init; }

    /// <summary>Sent until this instant, inclusive.</summary>
    public long To { get; private init; }

    /// <summary>Only open, or only closed ones; null for both.</summary>
    public bool? Open { get; private init; }

    /// <summary>minLon, minLat, maxLon, maxLat in degrees.</summary>
    public double[]? Box { get; private init; }

    public long? UpdatedAfter { get; private init; }

    public long? UpdatedBefore { get; private init; }

    public string? Area { get; private init; }

    /// <summary>From 1.</summary>
    public int Page { get; private init; } = 1;

    public int PageSize { get; private init; } = PageSizeMax;

    /// <summary>With attributes, photos and notes.</summary>
    public bool Extensions { get; init; }

    /// <param name="now">UTC microseconds: without dates, the last 90 days are asked for.</param>
    /// <returns>400 with every argument that cannot be read.</returns>
    public static Outcome<GeoQuery> Of(IQueryCollection query, GeoRequest call, long now)
    {
        if (Refusal.OfNul(query) is { } nul)
        {
            return nul;
        }
        var read = new Arguments(query);
        var (start, end) = (read.Instant("start_date"), read.Instant("end_date"));
        var (from, to) = Window(start, end, now);
        read.Check(to - from <= SpanMax, "reports.spanTooLong", "start_date", 90);
        var statuses = read.List("status");
        read.Check(statuses.All(status => status is "open" or "closed"), "reports.unknownWord", "status", query["status"].ToString());
        var asked = new GeoQuery
        {
            Ids = read.List("service_request_id"),
            Codes = read.List("service_code"),
            From = from,
            To = to,
            Open = statuses.Distinct().ToList() is [var only] ? only == "open" : null,
            Box = read.Box("bbox"),
            UpdatedAfter = read.Instant("updated_after"),
            UpdatedBefore = read.Instant("updated_before"),
            Area = call.Area,
            Page = read.Number("page", 1, int.MaxValue / PageSizeMax, 1),
            PageSize = read.Number("page_size", 1, PageSizeMax, PageSizeMax),
            Extensions = query["extensions"] == "true",
        };
        read.Check(asked.Ids.Count <= PageSizeMax, "reports.limitOutside", "service_request_id", PageSizeMax);
        return asked.Ids.Count is > 0 and <= PageSizeMax ? new GeoQuery { Ids = asked.Ids, Area = call.Area, Extensions = asked.Extensions } : read.Faults.Count == 0 ? asked : Refusal.Of(read.Faults);
    }

    /// <summary>What is asked for when only one end is given, or none: as much as may be.</summary>
    internal static (long From, long To) Window(long? start, long? end, long now) => (start, end) switch
    {
        ({ } from, { } to) => (from, to),
        ({ } from, null) => (from, Math.Max(from, Math.Min(now, from + SpanMax))),
        (null, { } to) => (to - SpanMax, to),
        _ => (now - SpanMax, now),
    };

    /// <summary>Reads arguments, and gathers those that cannot be read.</summary>
    internal sealed class Arguments(IQueryCollection query)
    {
        public List<Refusal> Faults { get; } = [];

        public void Check(bool fine, string code, string field, params object[] arguments)
        {
            if (!fine)
            {
                Faults.Add(Refusal.Invalid(code, field, arguments));
            }
        }

        public IReadOnlyList<string> List(string name) => [.. query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];

        public long? Instant(string name)
        {
            if (query[name].ToString() is not { Length: > 0 } text)
            {
                return null;
            }
            var fine = Instants.TryRead(text.Replace(' ', '+'), out var micros); // A plus in an address that nobody has escaped.
            Check(fine, "reports.dateWithoutZone", name);
            return fine ? micros : null;
        }

        public int Number(string name, int min, int max, int usual)
        {
            if (query[name].ToString() is not { Length: > 0 } text)
            {
                return usual;
            }
            var fine = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max;
            Check(fine, "reports.limitOutside", name, max);
            return fine ? number : usual;
        }

        public double[]? Box(string name)
        {
            if (query[name].ToString() is not { Length: > 0 } text)
            {
                return null;
            }
            var box = ReportQuery.ReadBox(text);
            Check(box is not null, "reports.badBox", name);
            return box;
        }
    }
}
