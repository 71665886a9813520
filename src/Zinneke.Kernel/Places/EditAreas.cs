using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>A version of an area, and which state of its row it is.</summary>
public sealed record HeldArea(Area Area, long Version);

/// <summary>A version of an area as somebody saw it.</summary>
/// <param name="ValidFrom">Its first day, which with the id names it.</param>
/// <param name="Seen">Version of the row; another one in the meantime is a conflict.</param>
public sealed record SeenArea(string Id, DateOnly ValidFrom, long Seen);

/// <summary>What of a version of an area is changed by form; its boundary comes by file.</summary>
public sealed record AreaFacts(Text Names, string? Parent, string? Owner, IReadOnlyList<string> Postcodes, bool Private)
{
    public const int NameLengthMax = 200;
    public const int PostcodesMax = 100;
    private const int PostcodeLengthMax = 10;

    internal bool AreOf(Area area) =>
        Names.Equals(area.Names) && Parent == area.Parent && Owner == area.Owner && Postcodes.SequenceEqual(area.Postcodes) && Private == area.Private;

    internal Area In(Area area) => area with { Names = Names, Parent = Parent, Owner = Owner, Postcodes = Postcodes, Private = Private };

    /// <summary>What no version could hold; null when there is nothing.</summary>
    internal Refusal? Faults(Area area)
    {
        var faults = Names.ByLanguage.Where(name => name.Value.Length > NameLengthMax).Select(name => Refusal.Invalid("kernel.areaNameLong", "names." + name.Key, NameLengthMax))
            .Concat(Names.ByLanguage.Select(name => Refusal.OfNul(name.Value, "names." + name.Key)).Append(Refusal.OfNul(Parent, "parent")).Append(Refusal.OfNul(Owner, "owner")).OfType<Refusal>()).ToList();
        if (Names.IsEmpty && !area.Names.IsEmpty)
        {
            faults.Add(Refusal.Invalid("kernel.areaNameless", "names"));
        }
        if (Postcodes.Count > PostcodesMax || Postcodes.Any(code => code.Length > PostcodeLengthMax || !code.All(char.IsAsciiLetterOrDigit)))
        {
            faults.Add(Refusal.Invalid("kernel.areaPostcodes", "postcodes"));
        }
        return faults.Count == 0 ? null : Refusal.Of(faults);
    }
}

/// <summary>
/// Changes one area at a time, by the rules of a file of areas: at any day it has one version. What was wrong is put right in the version; what becomes otherwise on a day begins a new one, and the one before
/// keeps what it was. Each change is an event with its before and after, and an edition of the catalogue, so that a file that was looked at before is looked at again.
/// </summary>
public sealed class EditAreas(Writer writer, ApplyAreas slices, IEnumerable<AreaUses> uses)
{
    /// <summary>More areas above one another than there are kinds: a ring.</summary>
    private const int LevelsMax = 16;

    /// <summary>All versions of an area as the tables have them now, oldest first; none when there is no such area.</summary>
    public static async Task<IReadOnlyList<HeldArea>> ReadAsync(Store store, string id, CancellationToken cancellation = default) =>
        [.. (await store.Set<AreaRow>().AsNoTracking().Where(row => row.Id == id).OrderBy(row => row.ValidFrom).ToListAsync(cancellation)).Select(row => new HeldArea(row.ToArea(), row.Version))];

    /// <param name="from">First day on which it is so; null to put right what was wrong in the whole version.</param>
    /// <returns>First day of the version that now holds the facts; 404, 409 <c>areaChanged</c>, or 422.</returns>
    public Task<Outcome<DateOnly>> ChangeAsync(SeenArea seen, AreaFacts facts, DateOnly? from, Actor actor, CancellationToken cancellation = default) =>
        DoAsync(seen, actor, async edit =>
        {
            var area = edit.Area;
            if ((facts.Faults(area) ?? await ParentRefusalAsync(edit.Unit.Store, area, facts.Parent, from ?? area.ValidFrom, cancellation)) is { } refusal)
            {
                return refusal;
            }
            if (from is not { } day)
            {
                edit.Change(edit.Row, facts.In(area));
                return area.ValidFrom;
            }
            if (day <= area.ValidFrom || day > area.ValidTo)
            {
                return Refusal.Invalid("kernel.areaFrom", "from");
            }
            if (facts.AreOf(area))
            {
                return Refusal.Invalid("kernel.areaSame", "from");
            }
            edit.Change(edit.Row, area with { ValidTo = day.AddDays(-1) });
            var last = await edit.Unit.Store.Set<AreaRow>().MaxAsync(row => row.Place, cancellation);
            edit.Add(AreaRow.Of(facts.In(area) with { ValidFrom = day }, last + 1));
            return day;
        }, cancellation);

    /// <summary>Sets the last day of the newest version, or takes it back.</summary>
    /// <param name="last">Null while no end is known.</param>
    /// <param name="sure">Whoever ends it has seen what goes on naming it (<see cref="UsesAsync"/>).</param>
    /// <returns>404, 409 <c>areaChanged</c>, or 422.</returns>
    public Task<Outcome<DateOnly>> EndAsync(SeenArea seen, DateOnly? last, bool sure, Actor actor, CancellationToken cancellation = default) =>
        DoAsync(seen, actor, async edit =>
        {
            if (edit.Row != edit.Rows[^1])
            {
                return Refusal.Invalid("kernel.areaFollowed", "until");
            }
            if (last < edit.Area.ValidFrom)
            {
                return Refusal.Invalid("kernel.areaUntil", "until");
            }
            if (last is { } day && !sure && (await UsesAsync(edit.Unit.Store, seen.Id, day, cancellation)).Count is > 0 and var count)
            {
                return Refusal.Invalid("kernel.areaUsed", "sure", count);
            }
            edit.Change(edit.Row, edit.Area with { ValidTo = last ?? DateOnly.MaxValue });
            return edit.Area.ValidFrom;
        }, cancellation);

    /// <summary>Takes the newest version out: the one before it holds on in its place.</summary>
    /// <returns>First day of the version before; 404, 409 <c>areaChanged</c>, or 422 when none goes straight before it.</returns>
    public Task<Outcome<DateOnly>> TakeBackAsync(SeenArea seen, Actor actor, CancellationToken cancellation = default) =>
        DoAsync(seen, actor, edit =>
        {
            if (edit.Row != edit.Rows[^1] || edit.Rows.Count < 2 || edit.Rows[^2].ToArea() is var before && !Continues(before, edit.Area))
            {
                return Task.FromResult<Outcome<DateOnly>>(Refusal.Invalid("kernel.areaAlone", ""));
            }
            var previous = edit.Rows[^2];
            edit.Remove(edit.Row);
            edit.Change(previous, before with { ValidTo = edit.Area.ValidTo });
            return Task.FromResult<Outcome<DateOnly>>(before.ValidFrom);
        }, cancellation);

    /// <summary>Whether a version begins on the day after another ends.</summary>
    public static bool Continues(Area before, Area after) => before.ValidTo < DateOnly.MaxValue && before.ValidTo.AddDays(1) == after.ValidFrom;

    /// <summary>What goes on naming an area after its last day: bodies that act in it, rules that ask for it, areas that lie in it and are still there.</summary>
    public async Task<IReadOnlyList<AreaUse>> UsesAsync(Store store, string id, DateOnly last, CancellationToken cancellation = default)
    {
        var found = new List<AreaUse>();
        foreach (var one in uses)
        {
            found.AddRange(await one.Of(store, id, cancellation));
        }
        var quoted = JsonSerializer.Serialize(id, Json.Options);
        var named = await store.Set<AreaRow>().Where(row => row.Id != id && row.Facts.Contains(quoted)).OrderBy(row => row.Place).Select(row => new { row.Id, row.ValidTo, row.Facts }).ToListAsync(cancellation);
        found.AddRange(named.Where(row => AreaRow.DateOf(row.ValidTo) > last && AreaRow.ParentOf(row.Facts) == id).DistinctBy(row => row.Id)
            .Select(row => new AreaUse(ImportAreas.Catalogue, row.Id, AreaRow.NamesOf(row.Facts))));
        return found;
    }

    private async Task<Outcome<DateOnly>> DoAsync(SeenArea seen, Actor actor, Func<Edit, Task<Outcome<DateOnly>>> decide, CancellationToken cancellation)
    {
        await slices.FinishAsync(cancellation); // What is decided comes first, as before an import.
        return await writer.DoAsync<DateOnly>(actor, async unit =>
        {
            var rows = await unit.Store.Set<AreaRow>().Where(row => row.Id == seen.Id).OrderBy(row => row.ValidFrom).ToListAsync(cancellation);
            var first = AreaRow.Iso(seen.ValidFrom);
            if (rows.Find(row => row.ValidFrom == first) is not { } held)
            {
                return new Refusal(RefusalKind.NotFound, "kernel.notFound");
            }
            if (held.Version != seen.Seen)
            {
                return new Refusal(RefusalKind.Conflict, "kernel.areaChanged");
            }
            var edit = new Edit(unit, rows, held);
            var decided = await decide(edit);
            if (decided.Ok && edit.Changed)
            {
                var others = await unit.Store.Set<AreaRow>().CountAsync(row => row.Id != seen.Id, cancellation);
                unit.Put(await CatalogueRow.CurrentAsync(unit.Store, ImportAreas.Catalogue, cancellation), ImportAreas.Catalogue, edit.Summary(others), null);
            }
            return decided;
        }, cancellation);
    }

    /// <summary>What it lies in must be there on the day, and not lie in it. A parent that a file gave stays, known or not.</summary>
    private static async Task<Refusal?> ParentRefusalAsync(Store store, Area area, string? parent, DateOnly day, CancellationToken cancellation)
    {
        if (parent is null || parent == area.Parent)
        {
            return null;
        }
        var above = parent;
        for (var level = 0; above is not null && level < LevelsMax; level++)
        {
            var next = above;
            var versions = await store.Set<AreaRow>().Where(row => row.Id == next).Select(row => new { row.ValidFrom, row.ValidTo, row.Facts }).ToListAsync(cancellation);
            var then = versions.Find(row => AreaRow.DateOf(row.ValidFrom) <= day && day <= AreaRow.DateOf(row.ValidTo));
            if (above == area.Id || (then is null && level == 0))
            {
                return Refusal.Invalid("kernel.areaParent", "parent");
            }
            above = then is null ? null : AreaRow.ParentOf(then.Facts);
        }
        return above is null ? null : Refusal.Invalid("kernel.areaParent", "parent");
    }

    /// <summary>One change under way: rows, their events, and what the edition says of it.</summary>
    private sealed class Edit(Unit unit, List<AreaRow> rows, AreaRow row)
    {
        private readonly List<ImportRecord> before = [.. rows.Select(ImportAreas.RecordOf)];

        public Unit Unit => unit;

        /// <summary>All versions, oldest first.</summary>
        public List<AreaRow> Rows => rows;

        /// <summary>The version that is changed.</summary>
        public AreaRow Row => row;

        public Area Area { get; } = row.ToArea();

        public bool Changed { get; private set; }

        public void Change(AreaRow held, Area area)
        {
            var was = AuditedArea.Of(held.ToArea());
            if (held.Become(AreaRow.Of(area, held.Place)))
            {
                Publish(held, held.Version + 1, new AreaChanged(held.Kind, area.ValidFrom), was, AuditedArea.Of(area));
            }
        }

        /// <summary>A version that follows the one changed: what it says otherwise is what it changes.</summary>
        public void Add(AreaRow added)
        {
            unit.Store.Add(added);
            rows.Add(added);
            Publish(added, 1, new AreaAdded(added.Kind, AreaRow.DateOf(added.ValidFrom)), AuditedArea.Of(Area), AuditedArea.Of(added.ToArea()));
        }

        public void Remove(AreaRow gone)
        {
            unit.Store.Remove(gone);
            rows.Remove(gone);
            Publish(gone, gone.Version, new AreaRemoved(gone.Kind, AreaRow.DateOf(gone.ValidFrom)), AuditedArea.Of(gone.ToArea()), null);
        }

        public ImportChange Summary(int others) => new(before, [.. rows.Select(ImportAreas.RecordOf)], true, "", rows.Count + others);

        private void Publish(AreaRow about, long version, object happened, AuditedArea was, AuditedArea? isNow)
        {
            unit.Publish(new Subject("area", about.Id), version, happened, audit: new Audit(was, isNow));
            Changed = true;
        }
    }

    /// <summary>What the audit trail keeps of a version, a field for each thing that can change.</summary>
    private sealed record AuditedArea(string? NameFr, string? NameNl, string? NameEn, string? NameDe, string? Parent, string? Owner, string? Postcodes, bool Private, string? ValidFrom, string? ValidTo)
    {
        public static AuditedArea Of(Area area) => new(
            area.Names.Exactly("fr"), area.Names.Exactly("nl"), area.Names.Exactly("en"), area.Names.Exactly("de"), area.Parent, area.Owner,
            area.Postcodes.Count == 0 ? null : string.Join(", ", area.Postcodes), area.Private,
            area.ValidFrom == DateOnly.MinValue ? null : AreaRow.Iso(area.ValidFrom), area.ValidTo == DateOnly.MaxValue ? null : AreaRow.Iso(area.ValidTo));
    }
}
