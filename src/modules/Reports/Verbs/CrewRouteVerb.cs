using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>reports crew-route</c>: the order in which a crew goes to the stops of a file, without a store.</summary>
internal static class CrewRouteVerb
{
    private static readonly Setting<string?> Stops = Setting.Words("stops", "CSV with the columns id, lon, lat.") with { Required = true };

    private static readonly Setting<string?> Start = Setting.Words("start", "Id of the stop where the round begins.") with { Required = true };

    private static readonly Setting<string?> End = Setting.Words("end", "Id of the stop where it ends; by default wherever that is shortest.");

    private static readonly Setting<bool> Closed = Setting.Flag("closed", "It ends where it began.");

    public static Command Verb { get; } = new("reports", "crew-route", "Orders stops into a short round.", "reports crew-route stops.csv --start depot --closed")
    {
        Arguments = [Stops],
        Options = [Start, End, Closed],
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
        var end = closed || last == first ? RoundEnd.AtStart : last is null ? RoundEnd.Anywhere : RoundEnd.AtLast;
        List<Stop> listed = [stops.Find(stop => stop.Id == first), .. stops.Where(stop => stop.Id != first && (end != RoundEnd.AtLast || stop.Id != last))];
        if (end == RoundEnd.AtLast)
        {
            listed.Add(stops.Find(stop => stop.Id == last));
        }
        var (order, metres) = CrewRound.Of(listed, end);
        return Result.Of(new { order, lengthM = Math.Round(metres, 1) });
    }

    private static List<Stop> Read(string file)
    {
        var faults = new Faults();
        var stops = new List<Stop>();
        using (var rows = new CsvRows(Call.Open(file), faults, "id", "lon", "lat"))
        {
            while (rows.Read())
            {
                if (rows.Text("id", out var id) & rows.Number("lon", -180, 180, out var lon) & rows.Number("lat", -90, 90, out var lat))
                {
                    if (stops.Exists(stop => stop.Id == id))
                    {
                        rows.Fault("id", "an id that no line before has");
                    }
                    if (stops.Count == CrewRound.StopsMax)
                    {
                        rows.Fault("id", $"at most {CrewRound.StopsMax} stops");
                        break;
                    }
                    stops.Add(new Stop(id, new LonLat(lon, lat)));
                }
            }
        }
        faults.ThrowIfAny(file);
        return stops;
    }
}
