using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Mails to an address, and how often it wants them.</summary>
internal sealed class MailData(DataFolder folder, IEnumerable<MailAbout> abouts) : PersonalData
{
    private const int SliceMax = 500;
    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    public override string Key => "kernel.mail";

    public override Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation) => ReadAsync(store, person, null, cancellation);

    public override Task<IReadOnlyList<object>> NewestAsync(Store store, Person person, int most, CancellationToken cancellation) => ReadAsync(store, person, most, cancellation);

    private static async Task<IReadOnlyList<object>> ReadAsync(Store store, Person person, int? most, CancellationToken cancellation)
    {
        var mails = await store.Set<MailRow>().AsNoTracking().Where(m => m.Address == person.Email).OrderByDescending(m => m.MadeAt).First(most).ToListAsync(cancellation);
        var paces = await store.Set<MailPaceRow>().AsNoTracking().Where(p => p.Address == person.Email).OrderByDescending(p => p.ChosenAt).First(most).ToListAsync(cancellation);
        return
        [
            .. paces.Select(p => new { about = $"{p.AboutKind}:{p.AboutId}", p.Pace, chosenAt = Instants.FromMicros(p.ChosenAt) }),
            .. mails.Select(m => new { mail = m.Id, m.Notice, about = m.About is { } about ? DigestSubject.ThingsOf(about).Select(thing => thing.ToString()) : null, m.State, madeAt = Instants.FromMicros(m.MadeAt) }),
        ];
    }

    /// <summary>The mails themselves, where they are written into the folder.</summary>
    public override async Task<IReadOnlyList<PersonalFile>> FilesAsync(Store store, Person person, CancellationToken cancellation)
    {
        var mails = await store.Set<MailRow>().AsNoTracking().Where(m => m.Address == person.Email).OrderBy(m => m.MadeAt).Select(m => m.Id).ToListAsync(cancellation);
        return [.. mails.Select(id => new PersonalFile($"mail/{id:D}.eml", MailFolder.PathOf(folder, id)))];
    }

    public override async Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation)
    {
        var mails = await unit.Store.Set<MailRow>().Where(m => m.Address == person.Email).ToListAsync(cancellation);
        var paces = await unit.Store.Set<MailPaceRow>().Where(p => p.Address == person.Email).ToListAsync(cancellation);
        Remove(unit, folder, mails);
        unit.Store.RemoveRange(paces);
        return mails.Count + paces.Count;
    }

    public override async Task<int> RetainAsync(Unit unit, CancellationToken cancellation)
    {
        var before = unit.Now - Life.ToMicros();
        var ended = await unit.Store.Set<MailRow>()
            .Where(m => m.State != MailState.Waiting && m.State != MailState.Held && m.MadeAt < before).Take(SliceMax).ToListAsync(cancellation);
        Remove(unit, folder, ended);
        return ended.Count > 0 ? ended.Count : await RetainPacesAsync(unit, before, cancellation);
    }

    /// <summary>
    /// A choice lives as long as its thing may still send mail: "never" that was forgotten sooner would be broken. The link to choose by holds for ever, so there may also be
    /// choices about things that ended long ago.
    /// </summary>
    private async Task<int> RetainPacesAsync(Unit unit, long before, CancellationToken cancellation)
    {
        foreach (var about in abouts)
        {
            var old = unit.Store.Set<MailPaceRow>().AsNoTracking().Where(p => p.AboutKind == about.Kind && p.ChosenAt < before).OrderBy(p => p.Address).ThenBy(p => p.AboutId);
            for (var seen = 0; await old.Skip(seen).Take(SliceMax).ToListAsync(cancellation) is { Count: > 0 } paces; seen += paces.Count)
            {
                var reachable = await about.Reachable(unit.Store, [.. paces.Select(p => p.AboutId).Distinct(StringComparer.Ordinal)], cancellation);
                var over = paces.FindAll(p => !reachable.Contains(p.AboutId));
                if (over.Count > 0)
                {
                    unit.Store.RemoveRange(over);
                    return over.Count;
                }
            }
        }
        return 0;
    }

    /// <summary>With the row goes the file, where mails are written into the folder. Before the commit: a crash leaves a row, which is erased again, and never a file without one.</summary>
    internal static void Remove(Unit unit, DataFolder folder, List<MailRow> mails)
    {
        unit.Store.RemoveRange(mails);
        foreach (var mail in mails)
        {
            MailFolder.Delete(folder, mail.Id);
        }
    }
}
