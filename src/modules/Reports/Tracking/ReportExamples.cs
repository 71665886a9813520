using System.Text.Json.Nodes;

namespace Zinneke.Reports;

/// <summary>Answers as the API's description shows them; a test holds their members against real ones.</summary>
internal static class ReportExamples
{
    private const string Body = """{"id":"c21013","names":{"fr":"Saint-Gilles","nl":"Sint-Gillis","en":"Saint-Gilles","de":"Saint-Gilles"}}""";

    private const string Common = $$"""
        "id":"018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a","number":"2026-000123","state":"assigned","bucket":"received","version":1,"category":"road-pavement-slab",
        "names":{"fr":"Dalle de trottoir","nl":"Stoeptegel","en":"Paving slab","de":"Gehwegplatte"},"lon":4.3452,"lat":50.8256,"address":"Rue de l’École 12","area":"21013","lang":"fr","channel":"web",
        "description":"Dalle cassée devant l’école.","body":{{Body}},"holderSince":"2026-05-04T09:12:00+02:00","waitingSince":null,"createdAt":"2026-05-04T09:12:00+02:00","updatedAt":"2026-05-04T09:12:00+02:00",
        "dueAt":"2026-05-11T18:00:00+02:00","holderDueAt":"2026-05-11T18:00:00+02:00","plannedFrom":null,"plannedTo":null,"endedAt":null,"hops":0,"reopenCount":0,"supportCount":2,"mergedInto":null,"reference":null,
        "url":"/fr/reports/2026-000123"
        """;

    private const string Found = """
        "area":"21013","rule":"municipality","outside":"no","confidence":1,"question":null,"alternatives":[],"trace":[{"rule":"municipality","matched":true,"failed":null,"explain":
        {"fr":"La commune s’occupe de son espace public.","nl":"De gemeente zorgt voor haar openbare ruimte.","en":"The municipality looks after its public space.","de":"Die Gemeinde kümmert sich um ihren öffentlichen Raum."}}],"outcome":"automatic","algorithm":"reports.route"
        """;

    private const string Whole = $$"""
        {{Common}},"members":[],"answers":{},"history":[{"at":"2026-05-04T09:12:00+02:00","action":"submit","state":"assigned","body":{{Body}},"by":null,"reason":null,"text":{} }],
        "photos":[{"id":"018f3c1e-7a00-7c11-8d22-1a2b3c4d5e6f","from":null,"after":false,"status":"ready","urls":{"large":"/files/ab12/large.jpg","medium":"/files/ab12/medium.jpg","thumb":"/files/ab12/thumb.jpg"} }],
        "dispatch":{ {{Found}} }
        """;

    private const string OfStaff = """
        "contact":{"email":"resident@example.org","name":"Ada","phone":null},"priority":"normal","uncertain":false,"assignee":null,"visibility":"public"
        """;

    private const string Routed = $$"""
        "category":"road-pavement-slab","lon":4.3452,"lat":50.8256,"area":"21013","body":{{Body}},"state":"assigned","rule":"municipality","dueAt":"2026-05-11T18:00:00+02:00",
        "holderDueAt":"2026-05-11T18:00:00+02:00","visibility":"public"
        """;

    /// <summary>One report, as everybody sees it.</summary>
    public static JsonNode Report { get; } = Of($$"""{ {{Whole}} }""");

    /// <summary>The same for who works for its holder.</summary>
    public static JsonNode ForStaff { get; } = Of($$"""{ {{Whole}},{{OfStaff}} }""");

    public static JsonNode List { get; } = Of($$"""{"reports":[{ {{Common}} }],"next":"mWvBo--hVBgyTz_ZKaTPPn8"}""");

    public static JsonNode ListForStaff { get; } = Of($$"""{"reports":[{ {{Whole}},{{OfStaff}} }],"next":null}""");

    /// <summary>What the sender gets.</summary>
    public static JsonNode Receipt { get; } = Of($$"""
        { {{Whole}},"visibility":"public","trackToken":"q3J0x1c7Vt8","trackUrl":"/fr/reports/2026-000123?t=q3J0x1c7Vt8","choice":{"text":"Une règle publique a choisi Saint-Gilles.",
        "register":"/api/v1/algorithms/reports.route","askAPerson":"/api/v1/reports/018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a/actions/askReview"} }
        """);

    /// <summary>A dry run.</summary>
    public static JsonNode Route { get; } = Of($$"""{"body":"c21013",{{Found}} }""");

    /// <summary>What another category would change.</summary>
    public static JsonNode Preview { get; } = Of($$"""
        {"version":1,"now":{ {{Routed}} },"then":{ {{Routed.Replace("road-pavement-slab", "road-surface-pothole", StringComparison.Ordinal)}} },"changes":["category"],"dispatch":{ {{Found}} } }
        """);

    public static JsonNode Audit { get; } = Of("""
        {"report":"018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a","number":"2026-000123","entries":[{"position":10407,"id":"018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5b","at":"2026-05-04T09:23:02+02:00",
        "type":"reports.report.accepted","action":"accept","version":2,"actor":{"id":"018f3c1e-1111-7000-9a2b-f47015c1c22c","name":"Field app"},"body":"c21013","reason":null,"state":"none","before":null,"after":null,
        "changes":[{"field":"state","before":"assigned","after":"accepted"}]}]}
        """);

    /// <summary>A stream of server-sent events.</summary>
    public const string Stream = """
        retry: 2000
        id: 10406

        id: 10407
        data: {"type":"reports.report.accepted","id":"018f3c1e-6d2a-7b57-9c39-0f1e2d3c4b5a","number":"2026-000123","state":"accepted","bucket":"inProgress","body":"c21013","at":"2026-05-04T09:23:02+02:00"}
        """;

    private static JsonNode Of(string json) => JsonNode.Parse(json)!;
}
