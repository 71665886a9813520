using System.Globalization;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>reports crew-route</c>: the order in which a crew goes to the stops of a file, and when it is where, without a store.</summary>
internal static class CrewRouteVerb
{
    private const int MinutesMax = 24 * 60;

    private static readonly Setting<string?> Stops =
        Setting.Words("stops", "CSV with the columns id, lon, lat; perhaps minutes (of work there), from and to (when one may come, HH:mm), pinned (true: before everything that is not).") with { Required = true };

    private static readonly Setting<string?> Start = Setting.Words("start", "Id of the stop where the round begins.") with { Required = true };

    private static readonly Setting<string?> End = Setting.Words("end", "Id of the stop where it ends; by default wherever that is shortest.");

    private static readonly Setting<bool> Closed = Setting.Flag("closed", "It ends where it began.");

    private static readonly Setting<string?> Streets = Setting.Words("streets", "GeoJSON of the streets, lines that share vertices, perhaps with speed_kmh; without it ways are straight, times 1.3, at 20 km/h.");

    private static readonly Setting<string?> Leave = Setting.Words("leave", "When the crew is at the start, HH:mm; 08:00 unless said otherwise.");

    public static Command Verb { get; } = new("reports", "crew-route", "Orders stops into a short round.", "reports crew-route stops.csv --start depot --closed")
    {
        Arguments = [Stops],
        Options = [Start, End, Closed, Streets, Leave],
        Run = call => Task.FromResult(Run(call)),
    };

    private static Result Run(Call call)
    {
        var (file, first, last, closed) = (call.Get(Stops)!, call.Get(Start)!, call.Get(End), call.Get(Closed));
        var stops = Read(file);
        if (closed && last is not null && last != first)
        {
            throw new BadInputException("option --end: a closed round ends where it begins; leave out --end or --closed");
        }
        foreach (var (option, id) in ((string, string?)[])[("--start", first), ("--end", last)])
        {
            if (id is not null && !stops.Exists(stop => stop.Id == id))
            {
                throw new BadInputException($"option {option}: found {Fault.Shorten(id)}, expected the id of a stop in {file}");
            }
        }
        if (SecondsOf(call.Get(Leave) ?? "08:00") is not { } leave)
        {
            throw new BadInputException($"option --leave: found {Fault.Shorten(call.Get(Leave)!)}, expected a time such as 08:00");
        }
        var end = closed || last == first ? RoundEnd.AtStart : last is null ? RoundEnd.Anywhere : RoundEnd.AtLast;
        List<Stop> listed = [stops.Find(stop => stop.Id == first), .. stops.Where(stop => stop.Id != first && (end != RoundEnd.AtLast || stop.Id != last))];
        if (end == RoundEnd.AtLast)
        {
            listed.Add(stops.Find(stop => stop.Id == last));
        }
        var round = CrewRound.Of(listed, end, call.Get(Streets) is { } streets ? ReadStreets(streets) : null, leave);
        return Result.Of(new
        {
            order = round.Order, lengthM = Math.Round(round.Metres, 1), seconds = Math.Round(round.EndsAt - leave, 1),
            arrivals = round.Arrivals.Select(Clock), ends = Clock(round.EndsAt), missed = round.Missed,
        });
    }

    /// <summary>08:05:30; past midnight the hours go on: 25:10:00.</summary>
    private static string Clock(double seconds) => (long)Math.Round(seconds) is var whole ? string.Create(CultureInfo.InvariantCulture, $"{whole / 3600:00}:{whole / 60 % 60:00}:{whole % 60:00}") : "";

    private static double? SecondsOf(string clock) =>
        TimeOnly.TryParseExact(clock, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.ToTimeSpan().TotalSeconds : null;

    private static StreetGraph ReadStreets(string file)
    {
        var faults = new Faults();
        using var stream = Call.Open(file);
        var graph = StreetGraph.Read(stream, wrong => faults.Add(wrong.Line, wrong.Field, wrong.Found, wrong.Expected));
        faults.ThrowIfAny(file);
        return graph;
    }

    private static List<Stop> Read(string file)
    {
        var faults = new Faults();
        var stops = new List<Stop>();
        using (var rows = new CsvRows(Call.Open(file), faults, "id", "lon", "lat"))
        {
            while (rows.Read())
            {
                if (!(rows.Text("id", out var id) & rows.Number("lon", -180, 180, out var lon) & rows.Number("lat", -90, 90, out var lat)))
                {
                    continue;
                }
                if (stops.Exists(stop => stop.Id == id))
                {
                    rows.Fault("id", "an id that no line before has");
                }
                if (stops.Count == CrewRound.StopsMax)
                {
                    rows.Fault("id", $"at most {CrewRound.StopsMax} stops");
                    break;
                }
                stops.Add(Described(rows, new Stop(id, new LonLat(lon, lat))));
            }
        }
        faults.ThrowIfAny(file);
        return stops;
    }

    private static Stop Described(CsvRows rows, Stop stop)
    {
        var (opens, closes) = (Hour(rows, "from"), Hour(rows, "to"));
        if (opens > closes)
        {
            rows.Fault("to", "a time after that of from");
        }
        var minutes = 0;
        if (rows["minutes"].Length > 0)
        {
            rows.Int("minutes", 0, MinutesMax, out minutes);
        }
        if (rows["pinned"] is not ("" or "true" or "false"))
        {
            rows.Fault("pinned", "true or false");
        }
        return stop with { Minutes = minutes, Opens = opens, Closes = closes, Pinned = rows["pinned"] == "true" };
    }

    private static double? Hour(CsvRows rows, string column)
    {
        if (rows[column].Length == 0)
        {
            return null;
        }
        var seconds = SecondsOf(rows[column]);
        if (seconds is null)
        {
            rows.Fault(column, "a time such as 08:00");
        }
        return seconds;
    }
}
