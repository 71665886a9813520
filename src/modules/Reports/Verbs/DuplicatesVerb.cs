using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>reports duplicates</c>: which reports of a file may be one problem, without a store.</summary>
internal static class DuplicatesVerb
{
    private static readonly Setting<string?> File = Setting.Words("file", "CSV with the columns id, lon, lat, category, created_at.") with { Required = true };

    private static readonly Setting<double> Radius = Setting.Number("radius", "Metres that two reports of one group lie apart at most.", 20.0, 1, 250);

    private static readonly Setting<int> Days = Setting.Number("days", "Days that two reports of one group are apart at most.", Category.DuplicateDaysDefault, 1, 3650);

    public static Command Verb { get; } = new("reports", "duplicates", "Groups reports that may be one problem, by complete linkage.", "reports duplicates reports.csv --radius 20 --days 180")
    {
        Arguments = [File],
        Options = [Radius, Days],
        Run = call => Task.FromResult(Run(call)),
    };

    private static Result Run(Call call)
    {
        var sightings = Read(call.Get(File)!);
        try
        {
            return Result.Of(new { groups = DuplicateGroups.Among(sightings, call.Get(Radius), TimeSpan.FromDays(call.Get(Days)).ToMicros()) });
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new BadInputException($"{call.Get(File)}: more than {DuplicateGroups.PairsMax} pairs lie near enough; choose a smaller --radius or fewer --days");
        }
    }

    private static List<Sighting> Read(string file)
    {
        var faults = new Faults();
        var sightings = new List<Sighting>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        using (var rows = new CsvRows(Call.Open(file), faults, "id", "lon", "lat", "category", "created_at"))
        {
            while (rows.Read())
            {
                if (rows.Text("id", out var id) & rows.Number("lon", -180, 180, out var lon) & rows.Number("lat", -90, 90, out var lat) & rows.Text("category", out var category) & rows.Instant("created_at", out var at))
                {
                    if (!known.Add(id))
                    {
                        rows.Fault("id", "an id that no line before has");
                    }
                    sightings.Add(new Sighting(id, new LonLat(lon, lat), category, at));
                }
            }
        }
        faults.ThrowIfAny(file);
        return sightings;
    }
}
