using Microsoft.EntityFrameworkCore;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What a round is made of.</summary>
/// <param name="Numbers">The reports, in the order in which they were chosen: without a place to begin, the first of them is it.</param>
/// <param name="LeaveAt">UTC microseconds; null when no day or hour was given.</param>
/// <param name="MinutesAStop">0 to <see cref="Round.MinutesMax"/>; null when it is none.</param>
/// <param name="Place">An address to begin at; blank for the first stop.</param>
/// <param name="Back">End where it begins.</param>
/// <param name="UrgentFirst">What is to be solved within hours comes before everything else.</param>
internal sealed record NewRound(IReadOnlyList<string> Numbers, string Name, long? LeaveAt, int? MinutesAStop, string Place, bool Back, bool UrgentFirst);

/// <summary>Makes a round of reports of one body, in the order that the engine finds (reports.md 4.7).</summary>
internal sealed class MakeRound(RoutingMap routing, AddressIndex addresses, Writer writer)
{
    /// <returns>Its id; 422 for what cannot be gone to in one round, beside each field that is wrong.</returns>
    public Task<Outcome<Guid>> RunAsync(NewRound wanted, Caller caller, CancellationToken cancellation) => writer.DoAsync<Guid>(caller.Actor, async unit =>
    {
        if (!(await ChosenAsync(unit.Store, wanted.Numbers, caller, cancellation)).Is(out var reports, out var refusal))
        {
            return refusal;
        }
        var start = string.IsNullOrWhiteSpace(wanted.Place) ? null : await addresses.UniqueAsync(unit.Store, wanted.Place, cancellation);
        if (Faults(wanted, start is not null) is { Count: > 0 } faults)
        {
            return Refusal.Of(faults);
        }
        var round = new Round
        {
            Id = unit.NextId(), Body = reports[0].Holder!, Name = wanted.Name.Trim(), LeaveAt = wanted.LeaveAt!.Value, MinutesAStop = wanted.MinutesAStop!.Value,
            Place = start is null ? null : wanted.Place.Trim(), Lon = start?.Lon, Lat = start?.Lat, Back = wanted.Back, CreatedAt = unit.Now,
        };
        unit.Store.Add(round);
        Put(unit, round, reports, wanted.UrgentFirst ? report => IsUrgent(report, routing.Current.Map) : _ => false);
        unit.Publish(new Subject("round", round.Id), 1, new RoundCreated(reports.Count), round.Body);
        return round.Id;
    }, cancellation);

    /// <summary>The stops of a new round, in their order.</summary>
    internal static void Put(Unit unit, Round round, IReadOnlyList<Report> reports, Func<Report, bool> isUrgent)
    {
        var stops = reports.Select(report => new RoundStop { RoundId = round.Id, ReportId = report.Id, Place = 0, Urgent = isUrgent(report) }).ToList();
        RoundPlan.Order(round, [.. stops.Zip(reports)]);
        unit.Store.AddRange(stops);
    }

    /// <summary>Promised within hours, for this body and priority.</summary>
    public static bool IsUrgent(Report report, RoutingSnapshot map) =>
        map.Categories.Find(report.Category)?.Promise?.For(report.Holder, report.Priority, null).Unit == SlaUnit.Hours;

    /// <summary>The reports that were chosen: open, with a point, and of one body that the caller works for.</summary>
    public static async Task<Outcome<IReadOnlyList<Report>>> ChosenAsync(Store store, IReadOnlyList<string> numbers, Caller caller, CancellationToken cancellation)
    {
        List<string> asked = [.. numbers.Distinct(StringComparer.Ordinal)];
        if (asked.Count is 0 or > Round.StopsMax)
        {
            return asked.Count == 0 ? Refusal.Invalid("reports.roundEmpty", "report") : Refusal.Invalid("reports.roundTooLong", "report", Round.StopsMax);
        }
        var found = await store.Set<Report>().AsNoTracking().Where(report => asked.Contains(report.Number)).ToDictionaryAsync(report => report.Number, cancellation);
        foreach (var number in asked)
        {
            // What is not theirs is refused as what is not there.
            if (!found.TryGetValue(number, out var report) || !RoundAccess.WorksOn(caller, report))
            {
                return Refusal.Invalid("reports.roundNotYours", "report", Fault.Shorten(number));
            }
            if (!report.State.IsOpen() || report.Place is null)
            {
                return Refusal.Invalid(report.Place is null ? "reports.roundNoPlace" : "reports.roundClosed", "report", number);
            }
        }
        List<Report> reports = [.. asked.Select(number => found[number])];
        return reports.Exists(report => report.Holder != reports[0].Holder) ? Refusal.Invalid("reports.roundOfSeveral", "report") : reports;
    }

    private static List<Refusal> Faults(NewRound wanted, bool placed)
    {
        var faults = new List<Refusal>();
        void Unless(bool fine, Func<Refusal> refusal)
        {
            if (!fine)
            {
                faults.Add(refusal());
            }
        }
        Unless(!string.IsNullOrWhiteSpace(wanted.Name), () => Refusal.Invalid("reports.roundNameNeeded", "name"));
        Unless(wanted.Name.Length <= Round.NameLengthMax, () => Refusal.Invalid("reports.roundNameTooLong", "name", Round.NameLengthMax));
        Unless(wanted.LeaveAt is not null, () => Refusal.Invalid("reports.roundLeave", "day"));
        Unless(wanted.MinutesAStop is >= 0 and <= Round.MinutesMax, () => Refusal.Invalid("reports.roundMinutes", "minutes", Round.MinutesMax));
        Unless(placed || string.IsNullOrWhiteSpace(wanted.Place), () => Refusal.Invalid("reports.roundPlace", "place"));
        return faults;
    }
}
