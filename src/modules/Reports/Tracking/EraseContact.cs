using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Removes how to reach the reporter, and what would let it be guessed: the row, the mails to them about the report, what mails to bodies say of them, half of the fingerprint of what was sent. The report itself stays, and
/// who sends it again is told the same as before.
/// </summary>
internal sealed class EraseContact(Writer writer, Mails mails)
{
    public const string Noted = "contactErased";

    /// <summary>After a backup was restored that still held the contact.</summary>
    public static Erasable Erasable { get; } = new("report", e => e.Is<ReportNoted>() && e.Read<ReportNoted>().What == Noted, async (services, id, cancellation) =>
    {
        var (database, erase, report) = (services.GetRequiredService<Database>(), services.GetRequiredService<EraseContact>(), Guid.Parse(id));
        await using var store = database.Open();
        if (!await store.Set<ReportContact>().AnyAsync(c => c.ReportId == report, cancellation))
        {
            return false; // Nothing to erase; nor is there when the report came after the backup.
        }
        return (await erase.RunAsync(id, Actor.System, cancellation)).Is(out _, out var refusal) ? true : refusal;
    });

    /// <returns>404 for an unknown report; done, when there is nothing to erase.</returns>
    public Task<Outcome<Done>> RunAsync(string key, Actor actor, CancellationToken cancellation) => writer.DoAsync<Done>(actor, async unit =>
    {
        if (await ReadReport.FindAsync(unit.Store, key, tracked: true, cancellation) is not { } report)
        {
            return new Refusal(RefusalKind.NotFound, "reports.unknownReport");
        }
        if (await unit.Store.Set<ReportContact>().FirstOrDefaultAsync(c => c.ReportId == report.Id, cancellation) is { } contact)
        {
            await EraseAsync(unit, report, contact, cancellation);
        }
        return default(Done);
    }, cancellation);

    /// <summary>Erases one in a unit that may erase others too.</summary>
    public async Task EraseAsync(Unit unit, Report report, ReportContact contact, CancellationToken cancellation)
    {
        var about = new Subject("report", report.Id);
        unit.Store.Remove(contact);
        await Consents.ForgetAsync(unit, about, cancellation);
        report.ContentHash = NewReport.WithoutContact(report.ContentHash);
        await Delivery.ForgetContactAsync(unit, report.Id, cancellation);
        if (contact.Email is { } email)
        {
            await mails.ForgetAsync(unit, email, about, cancellation);
        }
        await mails.TakeOutContactAsync(unit, ReportNotices.ToBody, about, cancellation);
        ReportEntry.Add(unit, report, Noted, isInternal: true);
        unit.Publish(about, report.Version + 1, new ReportNoted(report.Standing(), Noted, null), report.Holder, new Audit(new { contact = true }, new { contact = false }));
    }

    /// <summary>Erases several.</summary>
    /// <returns>How many.</returns>
    public async Task<int> EraseAsync(Unit unit, List<ReportContact> contacts, CancellationToken cancellation)
    {
        var ids = contacts.ConvertAll(contact => contact.ReportId);
        var reports = await unit.Store.Set<Report>().Where(report => ids.Contains(report.Id)).ToDictionaryAsync(report => report.Id, cancellation);
        foreach (var contact in contacts)
        {
            await EraseAsync(unit, reports[contact.ReportId], contact, cancellation);
        }
        return contacts.Count;
    }
}

/// <summary>How to reach the senders of reports: until some time after the report has ended (<see cref="Periods"/>), or until they erase it.</summary>
internal sealed class ContactData(EraseContact erase, ForgetContacts forget, FileStore files) : PersonalData
{
    /// <summary>Mail is sent to contacts and followers: without either a report sends none.</summary>
    public static MailAbout About { get; } = new("report", async (store, ids, cancellation) =>
    {
        var reports = ids.Select(id => Guid.TryParse(id, out var report) ? report : Guid.Empty).ToList();
        var reachable = await store.Set<ReportContact>().Where(c => reports.Contains(c.ReportId) && c.Email != null).Select(c => c.ReportId).ToListAsync(cancellation);
        var followed = await store.Set<Subscription>().Where(s => s.ReportId != null && reports.Contains(s.ReportId.Value)).Select(s => s.ReportId!.Value).ToListAsync(cancellation);
        return reachable.Concat(followed).Select(id => id.ToString()).ToHashSet(StringComparer.Ordinal);
    });

    public override string Key => "reports.contact";

    /// <summary>What was sent, with the contact: also reports without an account, when the address is the person's.</summary>
    public override Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation) => ReadAsync(store, person, null, cancellation);

    public override Task<IReadOnlyList<object>> NewestAsync(Store store, Person person, int most, CancellationToken cancellation) => ReadAsync(store, person, most, cancellation);

    private static async Task<IReadOnlyList<object>> ReadAsync(Store store, Person person, int? most, CancellationToken cancellation)
    {
        var sent = await Of(store, person).AsNoTracking()
            .Join(store.Set<Report>().AsNoTracking(), contact => contact.ReportId, report => report.Id, (contact, report) => new { contact, report })
            .Join(store.Set<ReportWordsRow>().AsNoTracking(), both => both.report.Id, words => words.ReportId, (both, words) => new { both.contact, both.report, words })
            .OrderByDescending(all => all.report.CreatedAt).First(most).ToListAsync(cancellation);
        var ids = sent.ConvertAll(all => all.report.Id);
        var said = (await store.Set<ReportEntry>().AsNoTracking().Where(e => ids.Contains(e.ReportId) && e.ActingBody == null && !e.Internal).OrderBy(e => e.At).ToListAsync(cancellation))
            .Where(e => !e.Text.IsEmpty).ToLookup(e => e.ReportId);
        return
        [
            .. sent.Select(all => new
            {
                report = all.report.Number, createdAt = Instants.FromMicros(all.report.CreatedAt), all.report.Category, all.words.Description, all.words.Address,
                answers = JsonSerializer.Deserialize<JsonElement>(all.words.Answers), said = said[all.report.Id].Select(e => new { at = Instants.FromMicros(e.At), e.Action, e.Text }),
                all.contact.Email, all.contact.Name, all.contact.Phone, all.contact.Notify,
            }),
        ];
    }

    /// <summary>The photos that the person sent: as they were, or, once those are gone, the large picture.</summary>
    public override async Task<IReadOnlyList<PersonalFile>> FilesAsync(Store store, Person person, CancellationToken cancellation)
    {
        var sent = await Of(store, person).AsNoTracking()
            .Join(store.Set<Report>().AsNoTracking(), contact => contact.ReportId, report => report.Id, (contact, report) => report)
            .Join(store.Set<ReportPhoto>().AsNoTracking().Where(photo => !photo.After), report => report.Id, photo => photo.ReportId, (report, photo) => new { report.Number, photo })
            .Join(store.Set<StoredFile>().AsNoTracking(), both => both.photo.FileId, file => file.Id, (both, file) => new { both.Number, both.photo.Order, file })
            .OrderBy(one => one.Number).ThenBy(one => one.Order).ToListAsync(cancellation);
        return [.. sent.Select(one => DrawFiles.LargestOf(files, one.file) is { } path ? new PersonalFile($"reports/{one.Number}/photo-{one.Order + 1}{Path.GetExtension(path)}", path) : null).OfType<PersonalFile>()];
    }

    public override async Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation) =>
        await erase.EraseAsync(unit, await Of(unit.Store, person).ToListAsync(cancellation), cancellation);

    public override Task<int> RetainAsync(Unit unit, CancellationToken cancellation) => forget.ForgetAsync(unit, unit.Now, cancellation);

    public static IQueryable<ReportContact> Of(Store store, Person person) =>
        store.Set<ReportContact>().Where(contact => (person.Account != null && contact.Account == person.Account) || (person.Email != null && contact.Email == person.Email));
}
