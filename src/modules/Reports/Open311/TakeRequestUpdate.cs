using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// <c>POST servicerequestupdates</c> of Open311: another program says something of a request (a key of the scope <c>open311</c>), or the system of the body that has it moves it on (a key of
/// <c>partner:BODY</c>). Each is an action of the one table. An update is known again by the key and its <c>update_id</c>, of which the id of its line of the history is made.
/// </summary>
internal sealed class TakeRequestUpdate(FileStore files, Callers callers, RoutingMap routing, Settings settings, ActOnReport act, Database database, Writer writer, GeoSandbox sandbox, Outgoing outgoing, TimeProvider time)
{
    private const int UpdateIdLengthMax = 200;
    private const string Open = "OPEN";
    private static readonly TimeSpan FetchPatience = TimeSpan.FromSeconds(10);

    /// <param name="isTest">Of a request of the sandbox.</param>
    /// <returns>200 with the id of the update; 403 without a key or with one that may not, 404 for a request that there is not, 400 for everything else.</returns>
    public async Task<IResult> RunAsync(string format, bool isTest, Caller caller, HttpContext http)
    {
        var cancellation = http.RequestAborted;
        if (!caller.IsByKey && http.Take(TakeServiceRequest.Knocking) is { } often)
        {
            return often.AsProblem();
        }
        if (!(await UploadForm.ReadAsync(http.Request, files, TakeServiceRequest.Limits)).Is(out var form, out var refusal))
        {
            return refusal.AsProblem();
        }
        await using (form)
        {
            GeoRequest.Hear(http, form);
            if (!(await TakeServiceRequest.KnownAsync(form, caller, callers, http)).Is(out caller!, out refusal)
                || !GeoRequest.Of(http, format, routing.Current.Map, settings, form["jurisdiction_id"]).Is(out var call, out refusal)
                || !Update.Of(form, caller, call).Is(out var update, out refusal)
                || !(isTest ? Try(update, call, caller) : await SayAsync(update, call, caller, cancellation)).Is(out _, out refusal))
            {
                return refusal.AsProblem();
            }
            return new GeoAnswer(call.Format, "service_request_updates", GeoNode.Of("request_update", [GeoNode.Of(("update_id", GeoNode.Of(update.Id.ToString())))]));
        }
    }

    private async Task<Outcome<Guid>> SayAsync(Update update, GeoRequest call, Caller caller, CancellationToken cancellation) =>
        (await FindAsync(update, call, caller, cancellation)).Is(out var report, out var refusal) ? await DoAsync(update, report, caller, cancellation) : refusal;

    /// <summary>The same in the sandbox, which has states but no history that would forbid any.</summary>
    private Outcome<Guid> Try(Update update, GeoRequest call, Caller caller)
    {
        if (sandbox.Find(update.Request, call.Area) is not { } request)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport", "service_request_id");
        }
        var isBody = request.Body is { } body && caller.CanAsStaff(ReportPermissions.Partner, new Where(body));
        if (!isBody && (update.Status != Open || !caller.CanSomewhere(ReportPermissions.Request)))
        {
            return new Refusal(RefusalKind.Forbidden, "reports.notYourReport", "status");
        }
        if (new ActionRequest { Text = update.Said }.Fault() is { } fault)
        {
            return fault;
        }
        var action = StepsOf(update.Status, request.State)[^1].Action;
        if (update.Said is null && (action is "resolve" or "decline" || (action == "comment" && update.Media is null)))
        {
            return Refusal.Invalid("reports.required", "text");
        }
        var state = action switch
        {
            "resolve" => ReportState.Resolved,
            "decline" => ReportState.Declined,
            "start" => ReportState.InProgress,
            "accept" => ReportState.Accepted,
            "reject" or "reopen" => ReportState.Assigned,
            _ => request.State,
        };
        sandbox.Add(new ServiceUpdate(update.Id, request.Id, state, time.NowMicros(), update.Said ?? Text.Empty), isBody);
        return update.Id;
    }

    /// <summary>What everybody may see, and what the body of the key has.</summary>
    private async Task<Outcome<Report>> FindAsync(Update update, GeoRequest call, Caller caller, CancellationToken cancellation)
    {
        await using var store = database.Open();
        var found = await ReadReport.FindAsync(store, update.Request, tracked: false, cancellation);
        return found is not null && (call.Area is null || found.Area == call.Area) && (FindReportsApi.IsOpenToAll(found) || Hats.IsHoldersSystem(caller, found))
            ? found
            : new Refusal(RefusalKind.NotFound, "reports.unknownReport", "service_request_id");
    }

    private async Task<Outcome<Guid>> DoAsync(Update update, Report report, Caller caller, CancellationToken cancellation)
    {
        if (await IsKnownAsync(update, cancellation))
        {
            return report.Id;
        }
        var isPartner = Hats.IsHoldersSystem(caller, report);
        if (!isPartner && (update.Status != Open || !caller.CanSomewhere(ReportPermissions.Request)))
        {
            return new Refusal(RefusalKind.Forbidden, "reports.notYourReport", "status");
        }
        var acting = new Acting(caller, IsReporter: !isPartner, Via: isPartner ? report.Holder : null);
        var steps = StepsOf(update.Status, report.State);
        IReadOnlyList<KeptPhoto> photos = update.Media is { } media && await FetchAsync(media, isPartner ? report.Holder : null, cancellation) is { } photo ? [photo] : [];
        Outcome<Guid> done = report.Id;
        for (var i = 0; i < steps.Count && done.Ok; i++)
        {
            var last = i == steps.Count - 1;
            var request = last ? new ActionRequest { Text = update.Said, Reason = steps[i].Reason, ClientId = update.Id } : new ActionRequest();
            done = await act.RunAsync(report.Id.ToString(), steps[i].Action, request, acting, writer.DoAsync, cancellation, last ? photos : []);
            if (done.Refusal?.Code == "reports.tooManyPhotos")
            {
                done = await act.RunAsync(report.Id.ToString(), steps[i].Action, request, acting, writer.DoAsync, cancellation);
            }
        }
        return done.Ok || !await IsKnownAsync(update, cancellation) ? done : report.Id; // Of two at once the other was first.
    }

    /// <summary>It was said before.</summary>
    private async Task<bool> IsKnownAsync(Update update, CancellationToken cancellation)
    {
        await using var store = database.Open();
        return await store.Set<ReportEntry>().AnyAsync(entry => entry.Id == update.Id, cancellation);
    }

    /// <summary>The actions that a status stands for; what the status says already is only words.</summary>
    private static IReadOnlyList<(string Action, string? Reason)> StepsOf(string status, ReportState state)
    {
        var isNew = state == ReportState.Assigned;
        return status switch
        {
            "CLOSED" or "FIXED" => [("resolve", null)],
            "IN_PROGRESS" when state != ReportState.InProgress => isNew ? [("accept", null), ("start", null)] : [("start", null)],
            "ACTION_SCHEDULED" or "INVESTIGATING" when isNew => [("accept", null)],
            "DUPLICATE" or "NO_FURTHER_ACTION" => [("decline", "outOfScope")],
            "NOT_COUNCILS_RESPONSIBILITY" => [("reject", "notOurTask")],
            "REOPEN" => [("reopen", "other")],
            _ => [("comment", null)],
        };
    }

    /// <summary>The photo at an address; null when it cannot be had: the words are worth more than it.</summary>
    /// <param name="holder">Whose system names the address.</param>
    private async Task<KeptPhoto?> FetchAsync(string address, string? holder, CancellationToken cancellation)
    {
        var limits = TakeServiceRequest.Limits.Photo;
        if (await outgoing.GetAsync(address, (int)limits.BytesMax, FetchPatience, at => routing.Current.Map.Find(holder ?? "")?.IsAtHome(at) == true, cancellation) is not { } bytes)
        {
            return null;
        }
        using var stream = new MemoryStream(bytes);
        if (!(await IncomingPhoto.ReadAsync(stream, files, limits, cancellation)).Is(out var photo, out _))
        {
            return null;
        }
        await using (photo)
        {
            return await photo.KeepAsync(cancellation);
        }
    }

    /// <summary>An update as it was sent.</summary>
    /// <param name="Id">Made of the key and its <c>update_id</c>.</param>
    /// <param name="Request">Number or id of the report.</param>
    private sealed record Update(Guid Id, string Request, string Status, Text? Said, string? Media)
    {
        private static readonly string[] Required = ["service_request_id", "update_id", "status"];

        private static readonly string[] Statuses =
        [
            Open, "CLOSED", "FIXED", "IN_PROGRESS", "ACTION_SCHEDULED", "INVESTIGATING", "DUPLICATE", "NOT_COUNCILS_RESPONSIBILITY", "NO_FURTHER_ACTION", "INTERNAL_REFERRAL", "REOPEN",
        ];

        public static Outcome<Update> Of(UploadForm form, Caller caller, GeoRequest call)
        {
            var faults = new List<Refusal>();
            faults.AddRange(Required.Where(field => form[field].Length == 0).Select(field => Refusal.Invalid("reports.required", field)));
            var status = form["status"].ToUpperInvariant();
            if (status.Length > 0 && !Statuses.Contains(status))
            {
                faults.Add(Refusal.Invalid("reports.unknownWord", "status", Fault.Shorten(form["status"])));
            }
            if (form["update_id"].Length > UpdateIdLengthMax)
            {
                faults.Add(Refusal.Invalid("reports.referenceTooLong", "update_id", UpdateIdLengthMax));
            }
            if (form["updated_datetime"] is { Length: > 0 } date && !Instants.TryRead(date, out _))
            {
                faults.Add(Refusal.Invalid("reports.dateWithoutZone", "updated_datetime"));
            }
            var said = form["description"].Trim();
            return faults.Count > 0 ? Refusal.Of(faults)
                : new Update(IdOf(caller, form["update_id"]), form["service_request_id"], status, said.Length > 0 ? Text.Of(call.Language, said) : null, form["media_url"] is { Length: > 0 } media ? media : null);
        }

        /// <summary>A UUID of version 8 (RFC 9562).</summary>
        private static Guid IdOf(Caller caller, string updateId) =>
            TakeServiceRequest.IdOf([.. caller.Actor.Id.ToByteArray(), .. "update "u8, .. Encoding.UTF8.GetBytes(updateId)]);
    }
}
