using System.Globalization;
using CsvHelper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Registers the audit trail, and maps <c>/api/v1/audit</c> for administrators and <c>/api/v1/log/heads</c> for everybody.</summary>
public static class AuditSetup
{
    private const int PageSize = 50, PageSizeMax = 200, HeadsPageSize = 400;

    /// <summary>Days whose head the file holds: more than ten years of them.</summary>
    private const int HeadsMax = 4000;

    private static readonly RateLimit Reading = new("audit", new Quota(120, TimeSpan.FromMinutes(1)));

    internal static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton(AuditPermissions.Permission);
        services.AddSingleton(AuditPermissions.Scope);
        services.AddSingleton<AuditWords>();
        services.AddScoped<ReadAudit>();
        services.AddScoped<AuditFile>();
        foreach (var kind in AuditedKinds.All)
        {
            services.AddSingleton(kind);
        }
    }

    internal static void MapAudit(this Doors doors)
    {
        doors.Api.MapGet("/audit", PageAsync).Needs(AuditPermissions.Read).Limited(Reading).Reads([.. AuditQuery.Names, "limit", "cursor"])
            .WithSummary("Who did what, newest first; by 'actor' (id, address or name), 'kind' and 'subject', 'type', 'body', and days 'from' and 'to'. At most 'limit' (50, up to 200), page by cursor.")
            .GivesExample(new { entries = new[] { Example }, next = (string?)null });
        doors.Api.MapGet("/audit.csv", (HttpContext http, ReadAudit read, AuditFile file) => FileAsync(http, read, file.WriteCsvAsync, "text/csv; charset=utf-8", "audit.csv")).Needs(AuditPermissions.Read).Limited(Reading).Reads([.. AuditQuery.Names])
            .WithSummary("The same as CSV, all of it; data is the exact text that the hash is made of.").GivesExample(string.Join(',', AuditFile.Columns), media: "text/csv");
        doors.Api.MapGet("/audit.jsonl", (HttpContext http, ReadAudit read, AuditFile file) => FileAsync(http, read, file.WriteLinesAsync, "application/jsonl; charset=utf-8", "audit.jsonl")).Needs(AuditPermissions.Read).Limited(Reading).Reads([.. AuditQuery.Names])
            .WithSummary("The same as JSON lines, all of it.").GivesExample("{\"position\": 41}", media: "application/jsonl");
        doors.Api.MapGet("/log/heads", HeadsAsync).Public().Cached(["log"], "before")
            .WithSummary("How far the log reached when each day had ended, newest first, 400 at a time, then those 'before' a day: keep a copy, and nobody alters the log unseen.")
            .GivesExample(new { heads = new[] { HeadExample }, next = "2025-06-01" });
        doors.Api.MapGet("/log/heads.csv", HeadsFileAsync).Public().Cached(["log"])
            .WithSummary("All of them as CSV.").GivesExample("day,position,hash,at,events", media: "text/csv");
    }

    private static object Example { get; } = new
    {
        position = 41, id = "0198d0a4-0000-7000-8000-000000000001", at = "2026-05-04T08:00:00+00:00", type = "kernel.account.changed", did = "Name, language or address changed", typeVersion = 1,
        subject = new { kind = "account", id = "0198d0a4-0000-7000-8000-000000000002", version = 3 }, body = (string?)null, actor = new { id = "0198d0a4-0000-7000-8000-000000000002", name = "Ada" },
        data = new { fields = new[] { "name" } }, state = "intact", before = new { name = "A." }, after = new { name = "Ada" }, digest = "5f0c…", hash = "9b7e…",
    };

    private static object HeadExample { get; } = new { day = "2026-05-04", position = 1204, hash = "9b7e…", at = "2026-05-05T00:01:12+02:00", events = 310 };

    private static async Task<IResult> PageAsync(HttpContext http, ReadAudit read, AuditFile file, Cursors cursors, CancellationToken cancellation)
    {
        if (!(await read.QueryOfAsync(http.Request.Query, cancellation)).Is(out var query, out var refusal) || !cursors.Of<AuditPlace>(http.Request).Is(out var after, out refusal))
        {
            return refusal.AsProblem();
        }
        var limit = int.TryParse(http.Request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, PageSizeMax) : PageSize;
        var page = await read.PageAsync(query, after, limit, cancellation);
        return TypedResults.Json(
            new { entries = page.Entries.Select(entry => file.JsonOf(entry, page.Names.GetValueOrDefault(entry.Event.Actor.Id))), next = page.Next is { } next ? cursors.Next(http.Request, next) : null }, Json.Options);
    }

    private static async Task<IResult> FileAsync(HttpContext http, ReadAudit read, Func<Stream, AuditQuery, CancellationToken, Task> write, string type, string name) =>
        (await read.QueryOfAsync(http.Request.Query, http.RequestAborted)).Is(out var query, out var refusal)
            ? TypedResults.Stream(to => write(to, query, http.RequestAborted), type, name)
            : refusal.AsProblem();

    private static async Task<IResult> HeadsAsync(string? before, Store store, Settings settings, CancellationToken cancellation)
    {
        if (!string.IsNullOrEmpty(before) && !DateOnly.TryParseExact(before, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            return Refusal.Invalid("kernel.badDay", "before").AsProblem();
        }
        var heads = await HeadsOfAsync(store, string.IsNullOrEmpty(before) ? null : before, HeadsPageSize, cancellation);
        var zone = settings.Get(KernelSettings.TimeZone);
        return TypedResults.Json(
            new
            {
                heads = heads.Select(head => new { head.Day, head.Position, hash = Convert.ToHexStringLower(head.Hash), at = Written(head, zone), head.Events }),
                next = heads.Count == HeadsPageSize ? heads[^1].Day : null,
            }, Json.Options);
    }

    private static async Task<IResult> HeadsFileAsync(Store store, Settings settings, CancellationToken cancellation)
    {
        var zone = settings.Get(KernelSettings.TimeZone);
        using var body = new MemoryStream();
        await using (var csv = CsvWriter.Create(body, new CsvWriterOptions { NewLine = "\n", Separator = ',' }, leaveOpen: true))
        {
            await csv.WriteRecordAsync(["day", "position", "hash", "at", "events"], cancellation);
            foreach (var head in await HeadsOfAsync(store, null, HeadsMax, cancellation))
            {
                await csv.WriteRecordAsync([head.Day, Number(head.Position), Convert.ToHexStringLower(head.Hash), Written(head, zone), Number(head.Events)], cancellation);
            }
        }
        return TypedResults.Bytes(body.ToArray(), "text/csv; charset=utf-8", "log-heads.csv");
    }

    /// <summary>Newest first.</summary>
    /// <param name="before">A day; null for the newest.</param>
    public static async Task<IReadOnlyList<LogHead>> HeadsOfAsync(Store store, string? before, int most, CancellationToken cancellation) =>
        await store.Set<LogHead>().AsNoTracking().Where(head => before == null || head.Day.CompareTo(before) < 0).OrderByDescending(head => head.Day).Take(most).ToListAsync(cancellation);

    private static string Written(LogHead head, TimeZoneInfo zone) => Instants.Write(TimeZoneInfo.ConvertTime(Instants.FromMicros(head.At), zone));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
