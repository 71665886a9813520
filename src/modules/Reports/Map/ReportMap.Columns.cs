using System.Globalization;
using System.Runtime.InteropServices;
using Zinneke.Geo;

namespace Zinneke.Reports;

internal sealed partial class ReportMap
{
    /// <summary>More than numbers of a year will ever be: a number is one integer.</summary>
    private const uint NumbersOfYear = 10_000_000;
    private const int FirstYear = 1900;

    private static readonly bool[] NoBranch = [];

    /// <summary>A code of nothing, and of everything.</summary>
    private const int Any = -2;

    private Fitting Fits(MapFilter filter) => new(
        facts, filter.States, filter.Exact, filter.Category is { } category ? BranchOf(category) : null, filter.Area is { } area ? areas.Find(area) : Any, filter.Body is { } body ? bodies.Find(body) : Any,
        filter.From == long.MinValue ? 0 : Seconds(filter.From), filter.To == long.MaxValue ? uint.MaxValue : SecondsUp(filter.To));

    /// <summary>For each category whether it is this one or lies below it; remembered until another category comes.</summary>
    private bool[] BranchOf(string category)
    {
        if (branches.TryGetValue(category, out var known))
        {
            return known;
        }
        bool[] branch = [.. Enumerable.Range(0, categories.Count).Select(code => code > 0 && Category.IsIn(categories[code], category))];
        if (!branch.Contains(true))
        {
            return NoBranch; // Anybody may ask for anything: only what there is takes memory.
        }
        branches[category] = branch;
        return branch;
    }

    private ushort CategoryOf(string category)
    {
        var before = categories.Count;
        var code = categories.Of(category);
        if (categories.Count > before)
        {
            branches.Clear();
        }
        return code;
    }

    private static uint Packed(string number) =>
        (uint)(int.Parse(number.AsSpan(0, 4), CultureInfo.InvariantCulture) - FirstYear) * NumbersOfYear + uint.Parse(number.AsSpan(5), CultureInfo.InvariantCulture);

    private static string NumberOf(uint packed) => Numbers.Format((int)(packed / NumbersOfYear) + FirstYear, (int)(packed % NumbersOfYear));

    /// <summary>Whole seconds since 1970, until 2106.</summary>
    private static uint Seconds(long micros) => (uint)Math.Clamp(micros / 1_000_000, 0, uint.MaxValue);

    private static uint SecondsUp(long micros) => (uint)Math.Clamp(micros / 1_000_000 + (micros % 1_000_000 > 0 ? 1 : 0), 0, uint.MaxValue);

    [StructLayout(LayoutKind.Sequential, Pack = 2)]
    private readonly struct Facts(uint created, uint number, ushort category, ushort area, ushort body, ReportState state, bool placed, bool listed, bool archived)
    {
        public readonly uint Created = created;
        public readonly uint Number = number;
        public readonly ushort Category = category;
        public readonly ushort Area = area;
        public readonly ushort Body = body;
        private readonly byte packed = (byte)((int)state | (placed ? PlacedBit : 0) | (listed ? ListedBit : 0) | (archived ? ArchivedBit : 0));

        private const int StateBits = 0x0F, PlacedBit = 0x10, ListedBit = 0x20, ArchivedBit = 0x40;

        public ReportState State => (ReportState)(packed & StateBits);

        public bool Placed => (packed & PlacedBit) != 0;

        public bool Listed => (packed & ListedBit) != 0;

        public bool Archived => (packed & ArchivedBit) != 0;
    }

    /// <param name="exact">An archived one is that, and not what it was.</param>
    /// <param name="branch">For each category whether it is wanted; null for all.</param>
    private readonly struct Fitting(Facts[] facts, ulong states, bool exact, bool[]? branch, int area, int body, uint from, uint to) : IRowFilter
    {
        public bool Accepts(int row)
        {
            ref readonly var fact = ref facts[row];
            return (states >> (int)(exact && fact.Archived ? ReportState.Archived : fact.State) & 1) == 1
                && (branch is null || (fact.Category < branch.Length && branch[fact.Category]))
                && (area == Any || fact.Area == area)
                && (body == Any || fact.Body == body)
                && fact.Created >= from && fact.Created < to;
        }
    }

    private readonly struct Counting(ClusterCount cells) : IPointVisitor
    {
        public void Meet(int row, LonLat place) => cells.Add(place);
    }

    private readonly struct Warming(HeatGrid grid, Facts[] facts, int[] byArea) : IPointVisitor
    {
        public HeatGrid Grid => grid;

        public int[] ByArea => byArea;

        public void Meet(int row, LonLat place)
        {
            grid.Add(place);
            byArea[facts[row].Area]++;
        }
    }

    /// <summary>Holds the gate for reading.</summary>
    private readonly ref struct Reading
    {
        private readonly ReaderWriterLockSlim gate;

        public Reading(ReaderWriterLockSlim gate)
        {
            this.gate = gate;
            gate.EnterReadLock();
        }

        public void Dispose() => gate.ExitReadLock();
    }
}
