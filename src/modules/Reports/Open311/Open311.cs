using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Open311 GeoReport v2 below <c>/open311</c> (reports.md 5.1): what other cities' apps speak. Reading is for everybody, sending needs a key. A sandbox for those who
/// try their client has the same answers and dispatches nothing.
/// </summary>
internal static class Open311
{
    private const string Version = "v2", Test = "test/v2";

    private static readonly string[] Resources =
    [
        "/discovery.{format}",
        .. ((string[])[Version, Test]).SelectMany(version => ((string[])["services", "services/{code}", "tokens/{token}", "requests", "requests/{id}", "servicerequestupdates", "bulk"]).Select(one => $"/{version}/{one}.{{format}}")),
    ];

    /// <summary>All of it together.</summary>
    public static RateLimit Asking { get; } = new("open311", new Quota(1200, TimeSpan.FromMinutes(1)));

    public static IServiceCollection AddOpen311(this IServiceCollection services)
    {
        services.AddSingleton<Setting>(Open311Settings.JurisdictionId);
        services.AddSingleton<Setting>(Open311Settings.RequireJurisdiction);
        services.AddSingleton<GeoSandbox>();
        services.AddSingleton<ExportRequests>();
        services.AddSingleton<TakeServiceRequest>();
        services.AddSingleton<TakeRequestUpdate>();
        return services.AddScoped<FindServiceRequests>();
    }

    public static void Map(Doors doors)
    {
        var root = doors.Root.MapGroup("/open311").Public().OpenToOtherSites().Limited(Asking).ExcludeFromDescription()
            .WithMetadata(new KeyInQuery("api_key"), new RefusalShape(GeoAnswer.WriteRefusalAsync));
        root.MapGet("/discovery.{format}", DiscoverAsync);
        foreach (var (path, isTest) in ((string, bool)[])[(Version, false), (Test, true)])
        {
            var door = root.MapGroup("/" + path);
            door.MapGet("/services.{format}", Services);
            door.MapGet("/services/{code}.{format}", Definition);
            door.MapGet("/tokens/{token}.{format}", (string token, string format, HttpContext http, GeoSandbox sandbox, FindServiceRequests find, RoutingMap routing, Settings settings) =>
                TokenAsync(token, format, http, isTest ? sandbox : null, find, routing, settings));
            door.MapGet("/requests.{format}", (string format, HttpContext http, GeoSandbox sandbox, FindServiceRequests find, Store store, RoutingMap routing, Settings settings, Words words, SiteAddress site, TimeProvider time) =>
                ListAsync(format, http, isTest ? sandbox : null, find, store, routing, settings, words, site, time));
            door.MapGet("/requests/{id}.{format}", (string id, string format, HttpContext http, GeoSandbox sandbox, FindServiceRequests find, RoutingMap routing, Settings settings, Words words, SiteAddress site) =>
                OneAsync(id, format, http, isTest ? sandbox : null, find, routing, settings, words, site));
            door.MapPost("/requests.{format}", (string format, Caller caller, HttpContext http, TakeServiceRequest take) => take.RunAsync(format, isTest, caller, http)).BodyUpTo(TakeServiceRequest.Limits.BodyBytesMax);
            door.MapGet("/servicerequestupdates.{format}", (string format, HttpContext http, GeoSandbox sandbox, FindServiceRequests find, RoutingMap routing, Settings settings, Words words, SiteAddress site, TimeProvider time) =>
                UpdatesAsync(format, http, isTest ? sandbox : null, find, routing, settings, words, site, time));
            door.MapPost("/servicerequestupdates.{format}", (string format, Caller caller, HttpContext http, TakeRequestUpdate take) => take.RunAsync(format, isTest, caller, http)).BodyUpTo(TakeServiceRequest.Limits.BodyBytesMax);
            door.MapGet("/bulk.{format}", (string format, HttpContext http, GeoSandbox sandbox, ExportRequests export, RoutingMap routing, Settings settings) => Bulk(format, http, isTest ? sandbox : null, export, routing, settings));
        }
        foreach (var path in Resources)
        {
            root.Map(path, RefuseMethod);
        }
        root.Map("/{**rest}", () => new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem());
    }

    /// <summary>Every method that no call of the resource has: what is there cannot be 404.</summary>
    private static Problem RefuseMethod(string format) =>
        (format == "csv" || GeoAnswer.FormatOf(format) is not null ? new Refusal(RefusalKind.NotAllowed, "kernel.methodNotAllowed") : new Refusal(RefusalKind.NotFound, "kernel.notFound")).AsProblem();

    private static async Task<IResult> DiscoverAsync(string format, HttpContext http, RoutingMap routing, Settings settings, SiteAddress site, Words words, Store store, CancellationToken cancellation)
    {
        if (GeoAnswer.FormatOf(format) is not { } known)
        {
            return new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();
        }
        var edition = await CatalogueRow.CurrentAsync(store, RoutingMap.CategoriesKind, cancellation);
        var changed = GeoNode.Of(Instants.Write(routing.Current.Map.CalendarOf(null).LocalAt(edition?.At ?? 0)));
        var contact = site.ContactEmail(settings);
        GeoNode Endpoint(string path, string type) => GeoNode.Of(
            ("specification", GeoNode.Of("http://wiki.open311.org/GeoReport_v2")), ("url", GeoNode.Of($"{http.Request.Scheme}://{http.Request.Host}/open311/{path}")), ("changeset", changed),
            ("type", GeoNode.Of(type)), ("formats", GeoNode.Of("format", [GeoNode.Of("text/xml"), GeoNode.Of("application/json")])));
        return new GeoAnswer(known, "discovery", GeoNode.Of(
            ("changeset", changed), ("contact", GeoNode.Of(contact)), ("key_service", GeoNode.Of(words.In(GeoRequest.LanguageOf(http), "reports.open311.keyService", contact))),
            ("endpoints", GeoNode.Of("endpoint", [Endpoint(Version, "production"), Endpoint(Test, "test")]))));
    }

    private static IResult Services(string format, HttpContext http, RoutingMap routing, Settings settings)
    {
        if (!GeoRequest.Of(http, format, routing.Current.Map, settings).Is(out var call, out var refusal))
        {
            return refusal.AsProblem();
        }
        var tree = call.Map.Categories;
        return new GeoAnswer(call.Format, "services", GeoNode.Of("service", tree.Leaves.Where(category => !category.ProfessionalOnly).Select(category => GeoNode.Of(
            ("service_code", GeoNode.Of(category.Code)), ("service_name", GeoNode.Of(category.Names.In(call.Language))),
            ("description", GeoNode.Of(category.Notice.IsEmpty ? string.Join(" › ", tree.PathTo(category).Select(one => one.Names.In(call.Language))) : category.Notice.In(call.Language))),
            ("metadata", GeoNode.Of(category.Questions.Count > 0)), ("type", GeoNode.Of(ReportWords.Word(category.Open311Type))),
            ("keywords", GeoNode.Of(string.Join(", ", category.Keywords.GetValueOrDefault(call.Language) ?? []))), ("group", GeoNode.Of(tree.TopOf(category).Names.In(call.Language)))))));
    }

    private static IResult Definition(string code, string format, HttpContext http, RoutingMap routing, Settings settings)
    {
        if (!GeoRequest.Of(http, format, routing.Current.Map, settings).Is(out var call, out var refusal))
        {
            return refusal.AsProblem();
        }
        if (!call.Map.Categories.Reportable(code, professional: false).Is(out var category, out _))
        {
            return UnknownService(code).AsProblem();
        }
        return new GeoAnswer(call.Format, "service_definition", GeoNode.Of(
            ("service_code", GeoNode.Of(category.Code)),
            ("attributes", GeoNode.Of("attribute", category.Questions.OrderBy(question => question.Order).Select((question, index) => Attribute(question, index + 1, call.Language))))));
    }

    private static GeoNode Attribute(Question question, int order, string language)
    {
        var fields = new List<(string, GeoNode)>
        {
            ("variable", GeoNode.Of(question.Asks)), ("code", GeoNode.Of(question.Code)), ("datatype", GeoNode.Of(question.Type.ToString().ToLowerInvariant())),
            ("required", GeoNode.Of(question.Required)), ("datatype_description", GeoNode.Of(question.Hint.IsEmpty ? null : question.Hint.In(language))), ("order", GeoNode.Of((double)order)),
            ("description", GeoNode.Of(question.Words.In(language))),
        };
        if (question.Choices.Count > 0)
        {
            fields.Add(("values", GeoNode.Of("value", question.Choices.Select(choice => GeoNode.Of(("key", GeoNode.Of(choice.Key)), ("name", GeoNode.Of(choice.Words.In(language))))))));
        }
        return GeoNode.Of(fields);
    }

    private static async Task<IResult> ListAsync(
        string format, HttpContext http, GeoSandbox? sandbox, FindServiceRequests find, Store store, RoutingMap routing, Settings settings, Words words, SiteAddress site, TimeProvider time)
    {
        if (!GeoRequest.Of(http, format, routing.Current.Map, settings).Is(out var call, out var refusal) || !GeoQuery.Of(http.Request.Query, call, time.NowMicros()).Is(out var query, out refusal))
        {
            return refusal.AsProblem();
        }
        if (sandbox is null && await RequestPage.ReadAsync(store, call, query, new ServiceRequestWriter(call, words, site), words, http.RequestAborted) is { } rows)
        {
            return new GeoAnswer(call.Format, rows);
        }
        var requests = sandbox?.List(query) ?? await find.ListAsync(query, http.RequestAborted);
        return Requests(call, requests, query.Extensions, words, site);
    }

    private static async Task<IResult> OneAsync(
        string id, string format, HttpContext http, GeoSandbox? sandbox, FindServiceRequests find, RoutingMap routing, Settings settings, Words words, SiteAddress site)
    {
        if (!GeoRequest.Of(http, format, routing.Current.Map, settings).Is(out var call, out var refusal))
        {
            return refusal.AsProblem();
        }
        var extensions = http.Request.Query["extensions"] == "true";
        var found = sandbox is null ? await find.FindAsync(id, call.Area, extensions, http.RequestAborted) : sandbox.Find(id, call.Area);
        return found is null ? new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem() : Requests(call, [found], extensions, words, site);
    }

    /// <summary>Every request gets its number at once; a client that asks by token all the same gives the report's id, which the token is.</summary>
    private static async Task<IResult> TokenAsync(string token, string format, HttpContext http, GeoSandbox? sandbox, FindServiceRequests find, RoutingMap routing, Settings settings)
    {
        if (!GeoRequest.Of(http, format, routing.Current.Map, settings).Is(out var call, out var refusal))
        {
            return refusal.AsProblem();
        }
        var found = !Guid.TryParse(token, out _) ? null : sandbox is null ? await find.FindAsync(token, call.Area, false, http.RequestAborted) : null;
        return found is null
            ? new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem()
            : new GeoAnswer(call.Format, "service_requests", GeoNode.Of("request", [GeoNode.Of(("service_request_id", GeoNode.Of(found.Id)), ("token", GeoNode.Of(token)))]));
    }

    private static async Task<IResult> UpdatesAsync(
        string format, HttpContext http, GeoSandbox? sandbox, FindServiceRequests find, RoutingMap routing, Settings settings, Words words, SiteAddress site, TimeProvider time)
    {
        if (!GeoRequest.Of(http, format, routing.Current.Map, settings).Is(out var call, out var refusal) || !GeoQuery.Of(http.Request.Query, call, time.NowMicros()).Is(out var query, out refusal))
        {
            return refusal.AsProblem();
        }
        var updates = sandbox?.Updates(query.From, query.To, call.Area) ?? await find.UpdatesAsync(query.From, query.To, call.Area, http.RequestAborted);
        var writer = new ServiceRequestWriter(call, words, site);
        return new GeoAnswer(call.Format, "service_request_updates", GeoNode.Of("request_update", updates.Select(update => GeoNode.Of(
            ("update_id", GeoNode.Of(update.Id.ToString())), ("service_request_id", GeoNode.Of(update.Request)), ("status", GeoNode.Of(update.State.IsOpen() ? "open" : "closed")),
            ("updated_datetime", writer.Date(update.At)), ("description", GeoNode.Of(update.Said.In(call.Language))), ("media_url", GeoNode.Of(update.Photo is { } photo ? writer.AddressOf(photo) : null))))));
    }

    /// <summary>All requests of a span of any length, streamed; the end does not belong to it.</summary>
    private static IResult Bulk(string format, HttpContext http, GeoSandbox? sandbox, ExportRequests export, RoutingMap routing, Settings settings)
    {
        if (!GeoRequest.Of(http, format == "csv" ? "xml" : format, routing.Current.Map, settings).Is(out var call, out var refusal))
        {
            return refusal.AsProblem();
        }
        var arguments = new GeoQuery.Arguments(http.Request.Query);
        var (from, to) = (arguments.Instant("start_date") ?? long.MinValue, arguments.Instant("end_date") ?? long.MaxValue);
        if (arguments.Faults.Count > 0)
        {
            return Refusal.Of(arguments.Faults).AsProblem();
        }
        return TypedResults.Stream(
            stream => sandbox is null ? export.WriteAsync(stream, format, from, to, call.Area, call.Language, http.RequestAborted)
                : ExportRequests.WriteAsync(stream, format, sandbox.Sent(from, to, call.Area), call.Map, call.Language, http.RequestAborted),
            format == "csv" ? "text/csv; charset=utf-8" : GeoAnswer.TypeOf(call.Format));
    }

    public static Refusal UnknownService(string code) => new(RefusalKind.NotFound, "reports.unknownCategory", "service_code") { Arguments = [code] };

    private static GeoAnswer Requests(GeoRequest call, IReadOnlyList<ServiceRequest> requests, bool extensions, Words words, SiteAddress site)
    {
        var writer = new ServiceRequestWriter(call, words, site);
        return new GeoAnswer(call.Format, "service_requests", GeoNode.Of("request", requests.Select(request => writer.Write(request, extensions))));
    }
}
