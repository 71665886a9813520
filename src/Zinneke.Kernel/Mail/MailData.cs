using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>Mails to an address, and how often it wants them.</summary>
internal sealed class MailData(DataFolder folder) : PersonalData
{
    private const int SliceMax = 500;
    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    public override string Key => "kernel.mail";

    public override async Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation)
    {
        var mails = await store.Set<MailRow>().AsNoTracking().Where(m => m.Address == person.Email).OrderBy(m => m.MadeAt).ToListAsync(cancellation);
        var paces = await store.Set<MailPaceRow>().AsNoTracking().Where(p => p.Address == person.Email).ToListAsync(cancellation);
        return
        [
            .. mails.Select(m => new { mail = m.Id, m.Notice, about = m.About?.ToString(), m.State, madeAt = Instants.FromMicros(m.MadeAt) }),
            .. paces.Select(p => new { about = $"{p.AboutKind}:{p.AboutId}", p.Pace, chosenAt = Instants.FromMicros(p.ChosenAt) }),
        ];
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
        return ended.Count;
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
