using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Who sends a report, as far as the report is concerned.</summary>
/// <param name="Professional">May use categories for professionals and name a channel.</param>
internal sealed record Sender(Actor Actor, Guid? Account, bool Professional)
{
    /// <summary>Device and network address; null of staff and of channels.</summary>
    public SentFrom? From { get; init; }

    /// <summary>A colleague of a body wrote it, at the desk or in the street: nobody has to look at it before it is public.</summary>
    public bool IsStaff { get; init; }

    /// <summary>Whoever is signed in or has a key; a key is no colleague.</summary>
    public static Sender Of(Caller caller)
    {
        var professional = caller.CanSomewhere(ReportPermissions.Submit);
        return new Sender(caller.Actor, caller.Account, professional)
        {
            IsStaff = caller.Account is not null && (professional || caller.CanSomewhere(ReportPermissions.Act) || caller.CanSomewhere(ReportPermissions.Repair)),
        };
    }
}

/// <summary>What became of a report that was sent.</summary>
/// <param name="Replayed">It had been sent before, with the same client id and content.</param>
/// <param name="Holder">Id of the body that has it.</param>
internal sealed record Filed(Guid Id, string Number, bool Replayed, string? Holder)
{
    /// <summary>The rows as they were stored just now; null of a report that is there from before.</summary>
    [JsonIgnore]
    public ReportDetail? Stored { get; init; }
}

/// <summary>A report that can be taken, and who would get it by the rules and areas of that moment.</summary>
internal sealed record Examined(NewReport Sent, Sender Sender, Router Router, Answers Answers, Route Route)
{
    /// <summary>What the sender sent, before an address gave it its point: by this it is known when it is sent again.</summary>
    public required NewReport AsSent { get; init; }
}

/// <summary>Commits a use case: the writer's way, or once for each idempotency key.</summary>
internal delegate Task<Outcome<T>> Commit<T>(Actor actor, Func<Unit, Task<Outcome<T>>> useCase, CancellationToken cancellation);

/// <summary>
/// Takes a report: checks it, finds who is responsible, and stores all of it in one transaction. The client id is a unique key of that transaction, so that the same
/// report sent twice - also across a crash between commit and answer - is one report.
/// </summary>
internal sealed class FileReport(Database database, RoutingMap routing, RouteReport route, Numbers numbers, Consents consents, AddressIndex addresses, WordBook book, Senders senders, Settings settings, Ids ids, TimeProvider time)
{
    /// <summary>Member of the refusal of a draft whose photos are there no more: their ids.</summary>
    public const string Gone = "gone";

    /// <summary>What the reporter agrees to by leaving an address, a name or a number: shown where they do.</summary>
    public const string Consent = "reports.consent.contact";

    /// <summary>Says who would get it, without taking it; refused as filing it would be. An address of one house that is known gives it its point.</summary>
    public async Task<Outcome<Examined>> ExamineAsync(NewReport sent, Sender sender, CancellationToken cancellation)
    {
        if (senders.Refuse(sender.From) is { } blocked)
        {
            return blocked;
        }
        var (router, placed) = (routing.Current, await PlacedAsync(sent, cancellation));
        return Check(placed, sender, router.Map).Then(answers =>
            route.Preview(router, Sought.Of(placed, answers, time.NowMicros())).Then<Examined>(found => new Examined(placed, sender, router, answers, found) { AsSent = sent }));
    }

    /// <param name="photos">Photos that came with it, kept once nothing else is wrong; those that have a row already are named in <paramref name="sent"/>.</param>
    /// <param name="commit">Puts it on disk.</param>
    /// <returns>The stored report; 409 <c>clientIdReused</c> when the client id came before with other content; 422 with every fault.</returns>
    public async Task<Outcome<Filed>> RunAsync(NewReport sent, IReadOnlyList<IncomingPhoto> photos, Sender sender, Commit<Filed> commit, CancellationToken cancellation)
    {
        if (photos.Count > 0 && await SentBeforeAsync(sent, cancellation) is { } before)
        {
            return before; // Looked at first: photos that nobody needs are not kept.
        }
        return (await ExamineAsync(sent, sender, cancellation)).Is(out var examined, out var refusal)
            ? await RunAsync(examined, photos, commit, cancellation)
            : await SentBeforeAsync(sent, cancellation) ?? refusal;
    }

    /// <summary>With the point of its address, when it has none and the address is that of one house that is known.</summary>
    public async Task<NewReport> PlacedAsync(NewReport sent, CancellationToken cancellation)
    {
        if (sent is not { Lon: null, Lat: null, Address: { } address } || addresses.Streets.Count == 0)
        {
            return sent;
        }
        await using var store = database.Open();
        return await addresses.UniqueAsync(store, address, cancellation) is { } house ? sent with { Lon = house.Lon, Lat = house.Lat } : sent;
    }

    /// <summary>The same for one that was examined just now.</summary>
    public async Task<Outcome<Filed>> RunAsync(Examined examined, IReadOnlyList<IncomingPhoto> photos, Commit<Filed> commit, CancellationToken cancellation)
    {
        var (sent, sender, router, answers, _) = examined;
        var map = router.Map;
        if (!(await numbers.NextAsync(map.CalendarOf(null).DateOf(time.NowMicros()).Year, cancellation)).Is(out var number, out var refusal))
        {
            return refusal;
        }
        var hash = examined.AsSent.ContentHash();
        var kept = new List<KeptPhoto>();
        foreach (var photo in photos)
        {
            kept.Add(await photo.KeepAsync(cancellation));
        }
        var outcome = await commit(sender.Actor, async unit =>
        {
            // Nearly every report is new: the unique key finds the one that is not, and the next attempt looks at it.
            if (unit.Again && await SentBeforeAsync(unit.Store, sent.ClientId, hash, cancellation) is { } before)
            {
                return before;
            }
            var id = unit.NextId();
            if (!route.Decide(unit, id, 1, router, Sought.Of(sent, answers, unit.Now)).Is(out var routed, out var refused))
            {
                return refused;
            }
            var report = Make(id, sent, sender, number, hash, routed, map, unit.Now);
            unit.Store.Add(report);
            var stored = AddRows(unit, sent, sender, report, answers);
            if (!(await AddPhotosAsync(unit, sent.Photos, kept, report, cancellation)).Is(out var pictures, out refused))
            {
                return refused;
            }
            stored = stored with { Pictures = pictures };
            await MarkAsync(unit, sent, sender.From, stored, map, cancellation);
            unit.Publish(
                new Subject("report", report.Id), 1,
                new ReportReceived(report.Standing(), report.Channel, report.Language, report.Rule, report.RuleSet, report.Confidence, report.Uncertain), report.Holder);
            return new Filed(report.Id, report.Number, false, report.Holder) { Stored = stored };
        }, cancellation);
        return outcome.Ok ? outcome : await SentBeforeAsync(examined.AsSent, cancellation) ?? outcome;
    }

    /// <summary>What could be filed once may be sent again when it no longer could: the category is gone meanwhile, a boundary has moved, a photo was erased.</summary>
    /// <returns>Null when it was not.</returns>
    public async Task<Outcome<Filed>?> SentBeforeAsync(NewReport sent, CancellationToken cancellation)
    {
        await using var store = database.Open();
        return await SentBeforeAsync(store, sent.ClientId, sent.ContentHash(), cancellation);
    }

    private static async Task<Outcome<Filed>?> SentBeforeAsync(Store store, Guid clientId, byte[] hash, CancellationToken cancellation)
    {
        var before = await store.Set<Report>().Where(r => r.ClientId == clientId).Select(r => new { r.Id, r.Number, r.Holder, r.ContentHash }).FirstOrDefaultAsync(cancellation);
        return before is null ? null
            : NewReport.IsSame(before.ContentHash, hash) ? new Filed(before.Id, before.Number, true, before.Holder)
            : new Refusal(RefusalKind.Conflict, "reports.clientIdReused", "clientId");
    }

    private static Outcome<Answers> Check(NewReport sent, Sender sender, RoutingSnapshot map)
    {
        var faults = sent.Faults().ToList();
        var answers = sent.Answers;
        if (string.IsNullOrWhiteSpace(sent.Category))
        {
            faults.Add(Refusal.Invalid("reports.required", "category"));
        }
        else if (!map.Categories.Reportable(sent.Category, sender.Professional).Is(out var category, out var unknown))
        {
            faults.Add(unknown);
        }
        else
        {
            if (category.NeedsContact && sent.Contact is not { CanBeReached: true })
            {
                faults.Add(Refusal.Invalid("reports.contactNeeded", "contact.email"));
            }
            if (!sent.Answers.Check(category).Is(out var kept, out var wrong))
            {
                faults.AddRange(wrong.All());
            }
            else
            {
                answers = kept;
            }
        }
        return faults.Count == 0 ? answers : Refusal.Of(faults);
    }

    private static Report Make(Guid id, NewReport sent, Sender sender, string number, byte[] hash, Route routed, RoutingSnapshot map, long now)
    {
        var category = map.Categories.Find(sent.Category)!;
        var report = new Report
        {
            Id = id,
            Number = number,
            ClientId = sent.ClientId,
            ContentHash = hash,
            Channel = sender.Professional && !string.IsNullOrWhiteSpace(sent.Channel) ? sent.Channel.Trim() : "web",
            Language = sent.Lang,
            CreatedAt = now,
            UpdatedAt = now,
            Category = sent.Category,
            Lon = sent.Lon,
            Lat = sent.Lat,
            AccuracyMetres = sent.AccuracyM,
            Area = routed.Area,
            Visibility = map.IsPrivate(sent.Category, sent is { Lon: { } lon, Lat: { } lat } ? (lon, lat) : null, now) ? Visibility.Private : Visibility.Public,
            Priority = category.Priority,
        };
        report.Keep(routed);
        var world = World.Of(map, now, report);
        if (routed is { By: DecidedBy.Rule, Rule: null } && report.Place is null)
        {
            report.AwaitPlace(world);
        }
        else
        {
            report.ChosenByRule = routed.By == DecidedBy.Rule;
            report.AssignFirst(routed.Body, world);
        }
        report.Visibility = !sender.IsStaff && (report.State == ReportState.Submitted ? map.LooksFirstSomewhere : map.LooksFirst(report.Holder)) ? Visibility.Pending : report.Visibility;
        return report;
    }

    /// <summary>Keeps what it was sent from for a time. Neither words of the list nor a new device hold a report up: staff see it among what readers flag, where there is something to see.</summary>
    private async Task MarkAsync(Unit unit, NewReport sent, SentFrom? from, ReportDetail stored, RoutingSnapshot map, CancellationToken cancellation)
    {
        var report = stored.Report;
        var isFirst = await FirstReports.IsOneAsync(unit.Store, from, settings.Get(FirstReports.Setting), cancellation);
        if (from is { IsKnown: true })
        {
            unit.Store.Add(new ReportSender { ReportId = report.Id, Device = from.Device, Address = from.Address, At = unit.Now });
        }
        if (sent.Written(map.Categories.Find(sent.Category)!).Any(book.IsIn))
        {
            Flag(report.Id, ReportFlag.Listed);
        }
        else if (isFirst && (stored.Words!.HasAny ? report.Id : stored.Pictures.Select(picture => (Guid?)picture.Photo.Id).FirstOrDefault()) is { } part)
        {
            Flag(part, ReportFlag.First);
        }

        void Flag(Guid part, string reason)
        {
            report.FlaggedAt = unit.Now;
            unit.Store.Add(new ReportFlag { Id = unit.NextId(), ReportId = report.Id, Part = part, Reason = reason, At = unit.Now });
        }
    }

    private ReportDetail AddRows(Unit unit, NewReport sent, Sender sender, Report report, Answers answers)
    {
        var words = unit.Store.Add(new ReportWordsRow
        {
            ReportId = report.Id,
            Description = sent.Description?.Trim() ?? "",
            Address = string.IsNullOrWhiteSpace(sent.Address) ? null : sent.Address.Trim(),
            Answers = JsonSerializer.Serialize(answers, Json.Options),
        }).Entity;
        ReportContact? contact = null;
        if (sent.Contact is { IsEmpty: false } || sender.Account is not null)
        {
            unit.Store.Add(contact = new ReportContact
            {
                ReportId = report.Id,
                Email = sent.Contact?.Address,
                Name = Blank(sent.Contact?.Name),
                Phone = Blank(sent.Contact?.Phone),
                Notify = sent.Subscribe && sent.Contact?.Address is not null,
                Account = sender.Account,
            });
            if (sent.Contact is { IsEmpty: false })
            {
                consents.Record(unit, Consent, report.Language, new Person(contact.Account, contact.Email), new Subject("report", report.Id));
            }
        }
        return new ReportDetail(report, words, contact, [ReportEntry.Add(unit, report, "submit", state: report.State)], []);
    }

    /// <summary>Binds the photos to the report: those sent with it, and those that a form has stored before.</summary>
    /// <returns>422 <c>photoGone</c> when one of those waited so long for its form that it was deleted.</returns>
    private async Task<Outcome<IReadOnlyList<ReportPicture>>> AddPhotosAsync(Unit unit, IReadOnlyList<Guid> stored, IReadOnlyList<KeptPhoto> kept, Report report, CancellationToken cancellation)
    {
        var visibility = report.Visibility == Visibility.Public ? FileVisibility.Public : FileVisibility.Hidden;
        var files = kept.Select(photo => StoredFile.Of(photo, ids.Next(), unit.Now)).ToList();
        unit.Store.AddRange(files);
        if (stored.Count > 0)
        {
            var earlier = await unit.Store.Set<StoredFile>().Where(f => stored.Contains(f.Id)).ToListAsync(cancellation);
            var gone = stored.Where(id => !earlier.Exists(f => f.Id == id)).ToList();
            if (gone.Count > 0)
            {
                return Refusal.Invalid("reports.photoGone", "photo") with { Members = new Dictionary<string, object?> { [Gone] = gone } };
            }
            files.AddRange(stored.Select(id => earlier.Find(f => f.Id == id)!));
        }
        var pictures = new List<ReportPicture>();
        foreach (var file in files)
        {
            file.Claim(visibility);
            var photo = new ReportPhoto { Id = ids.Next(), ReportId = report.Id, FileId = file.Id, Order = pictures.Count };
            unit.Store.Add(photo);
            pictures.Add(new ReportPicture(photo, file));
        }
        return pictures;
    }

    private static string? Blank(string? words) => string.IsNullOrWhiteSpace(words) ? null : words.Trim();
}
