using System.Globalization;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Makes a plausible history of a city's reports, in the order of time: shares of problems, growth over the years and time to repair follow the published figures of
/// the Brussels service (2013-2023). The same seed makes the same history.
/// </summary>
internal sealed class HistoryGenerator
{
    private const double ShareDeclined = 0.085, ShareDuplicate = 0.05, ShareWithdrawn = 0.012, ShareForgotten = 0.06, SharePending = 0.3;
    private static readonly TimeSpan ConfirmAfter = TimeSpan.FromDays(14);
    private static readonly TimeSpan ArchiveAfter = TimeSpan.FromDays(730);

    /// <summary>Reports a year as published; the years between are straight lines.</summary>
    private static readonly (int Year, double Count)[] Growth = [(2013, 6_997), (2015, 29_500), (2017, 30_000), (2020, 70_000), (2021, 75_784), (2022, 97_123), (2023, 150_045)];

    /// <summary>Shares of the first level as published for 2021, in per cent; the rest is shared evenly.</summary>
    private static readonly Dictionary<string, double> Shares = new(StringComparer.Ordinal) { ["clean"] = 56.1, ["road"] = 18.63, ["sign"] = 8.46, ["furn"] = 8.06, ["light"] = 4, ["green"] = 2.8 };

    /// <summary>Languages of the reports of the sample year.</summary>
    public static IReadOnlyList<(string Language, double Share)> ThreeLanguages { get; } = [("fr", 0.695), ("nl", 0.225), ("en", 0.08)];

    private static readonly (string Channel, double Share)[] Channels = [("app", 0.5), ("web", 0.35), ("phone", 0.1), ("desk", 0.05)];

    private readonly (string Code, string Top, double MedianDays)[] kinds;
    private readonly double[] cumulated;
    private readonly WorkCalendar calendar;
    private readonly IReadOnlyList<(string Language, double Share)> languages;
    private readonly HotSpots places;
    private readonly Random chance;

    /// <param name="categories">The leaves that are reported.</param>
    /// <param name="calendar">Zone of the days.</param>
    /// <param name="languages">With their shares, which add up to 1.</param>
    public HistoryGenerator(int seed, CategoryTree categories, WorkCalendar calendar, LonLat centre, double radiusMetres, Func<LonLat, bool> inside, IReadOnlyList<(string Language, double Share)>? languages = null)
    {
        chance = new Random(seed);
        this.languages = languages ?? ThreeLanguages;
        this.calendar = calendar;
        places = new HotSpots(chance, centre, radiusMetres, inside);
        kinds = [.. categories.Leaves.Select(leaf => (leaf.Code, categories.TopOf(leaf).Code, MedianDays(leaf.Promise?.Usual)))];
        cumulated = Cumulate(kinds.Select(kind => kind.Top).ToArray());
    }

    /// <summary>The first day of the published figures.</summary>
    public static DateOnly Beginning { get; } = new(Growth[0].Year, 1, 1);

    /// <summary>The history from a date until another, not included.</summary>
    /// <param name="count">Reports in all.</param>
    public IEnumerable<HistoricReport> Make(int count, DateOnly from, DateOnly until)
    {
        var days = Enumerable.Range(0, until.DayNumber - from.DayNumber).Select(from.AddDays).ToList();
        var sum = days.Sum(Busy);
        var (made, reached) = (0, 0.0);
        var end = calendar.At(until, TimeOnly.MinValue);
        foreach (var day in days)
        {
            reached += Busy(day);
            var minutes = new int[(int)Math.Round(count * Math.Min(1, reached / sum)) - made];
            for (var i = 0; i < minutes.Length; i++)
            {
                minutes[i] = MinuteOfDay();
            }
            Array.Sort(minutes);
            foreach (var minute in minutes)
            {
                var created = calendar.At(day, new TimeOnly(minute / 60, minute % 60));
                yield return One(++made, created, end);
            }
        }
    }

    private HistoricReport One(int number, long created, long end)
    {
        var found = Array.BinarySearch(cumulated, chance.NextDouble());
        var kind = kinds[Math.Min(found < 0 ? ~found : found, kinds.Length - 1)];
        var language = Draw(languages);
        var (state, closed, updated) = Fate(kind.MedianDays, created, end);
        return new HistoricReport(
            "G" + number.ToString("D7", CultureInfo.InvariantCulture),
            calendar.LocalAt(created), closed is { } at ? calendar.LocalAt(at) : null, calendar.LocalAt(updated), state, kind.Code, Phrases.Of(kind.Code, language, chance),
            places.Next(chance), Draw(Channels), language);
    }

    /// <summary>How it ended, or where it stands at the end of the history.</summary>
    private (ReportState State, long? Closed, long Updated) Fate(double medianDays, long created, long end)
    {
        var drawn = chance.NextDouble();
        var days = medianDays * Slowness(created) * Math.Exp(1.25 * HotSpots.Normal(chance).A);
        var done = created + (long)(days * TimeSpan.MicrosecondsPerDay) + TimeSpan.MicrosecondsPerMinute;
        if (drawn < ShareForgotten || done >= end)
        {
            return Open(created, Math.Min(done, end), end);
        }
        drawn = (drawn - ShareForgotten) / (1 - ShareForgotten);
        var old = end - done > ArchiveAfter.ToMicros();
        if (drawn < ShareDeclined)
        {
            return (old ? ReportState.Archived : ReportState.Declined, done, done);
        }
        if (drawn < ShareDeclined + ShareDuplicate)
        {
            return (ReportState.Duplicate, done, done);
        }
        if (drawn < ShareDeclined + ShareDuplicate + ShareWithdrawn)
        {
            return (ReportState.Withdrawn, done, done);
        }
        return end - done < ConfirmAfter.ToMicros()
            ? (ReportState.Resolved, done, done)
            : (old ? ReportState.Archived : ReportState.Closed, done, done + ConfirmAfter.ToMicros());
    }

    private (ReportState State, long? Closed, long Updated) Open(long created, long done, long end)
    {
        var updated = created + (long)(chance.NextDouble() * 0.5 * (Math.Min(done, end) - created));
        var young = end - created < TimeSpan.MicrosecondsPerDay * 3;
        var state = chance.NextDouble() switch
        {
            < 0.02 => ReportState.Submitted,
            < SharePending => ReportState.Assigned,
            _ when young => ReportState.Assigned,
            < 0.5 => ReportState.Accepted,
            < 0.68 => ReportState.Planned,
            < 0.9 => ReportState.InProgress,
            _ => ReportState.OnHold,
        };
        return (state, null, state is ReportState.Submitted or ReportState.Assigned ? created : updated);
    }

    /// <summary>Mean time to closing fell from 107 days in 2017 to 21 in 2020.</summary>
    private static double Slowness(long created) => Instants.FromMicros(created).Year switch
    {
        <= 2017 => 5,
        2018 => 3.6,
        2019 => 2.2,
        _ => 1,
    };

    private static double MedianDays(Sla? sla) => sla is { } promise
        ? promise.Value * (promise.Unit switch { SlaUnit.Hours => 2.0 / 24, SlaUnit.Days => 0.9, _ => 1.3 })
        : 10;

    private static double Busy(DateOnly day)
    {
        var next = Array.FindIndex(Growth, point => point.Year > day.Year);
        var year = next < 0
            ? Growth[^1].Count
            : Growth[next - 1].Count + ((Growth[next].Count - Growth[next - 1].Count) * (day.Year - Growth[next - 1].Year) / (Growth[next].Year - Growth[next - 1].Year));
        return year * (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.55 : 1.18);
    }

    /// <summary>Mostly by day, around eleven and around five.</summary>
    private int MinuteOfDay()
    {
        var (a, b) = HotSpots.Normal(chance);
        var minute = chance.NextDouble() < 0.55 ? (11 * 60) + (a * 130) : (17 * 60) + (b * 150);
        return (int)((minute + (2 * 24 * 60)) % (24 * 60));
    }

    private string Draw(IReadOnlyList<(string Word, double Share)> words)
    {
        var drawn = chance.NextDouble();
        foreach (var (word, share) in words)
        {
            drawn -= share;
            if (drawn < 0)
            {
                return word;
            }
        }
        return words[0].Word;
    }

    /// <summary>The share of each first level, split evenly over its leaves, as running sums up to 1.</summary>
    private static double[] Cumulate(string[] tops)
    {
        var leaves = tops.GroupBy(top => top, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var unnamed = leaves.Keys.Count(top => !Shares.ContainsKey(top));
        var left = Math.Max(1, 100 - leaves.Keys.Sum(top => Shares.GetValueOrDefault(top)));
        var weights = tops.Select(top => (Shares.TryGetValue(top, out var share) ? share : left / unnamed) / leaves[top]).ToArray();
        var (sum, total) = (0.0, weights.Sum());
        return Array.ConvertAll(weights, weight => (sum += weight) / total);
    }
}
