using System.Globalization;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>reports export</c>: what everybody may see of all reports, as a file.</summary>
internal static class ExportVerb
{
    private static readonly Setting<string> Format = Setting.Choice("format", "Form of the file.", "csv", "csv", "json", "geojson", "georeport-bulk");

    private static readonly Setting<string> Crs = Setting.Choice("crs", "For csv: says the place also in metres of this Belgian grid.", "EPSG:4326", "EPSG:4326", "EPSG:31370", "EPSG:3812");

    public static Command Verb { get; } = new("reports", "export", "Writes all public reports, oldest first: never names, contacts, notes or what is hidden.", "reports export --format geojson --out reports.geojson --data var")
    {
        Options = [Format, Crs],
        Run = async call =>
        {
            var metres = Lambert.Of(int.Parse(call.Get(Crs)["EPSG:".Length..], CultureInfo.InvariantCulture));
            if (metres is not null && call.Get(Format) != "csv")
            {
                throw new BadInputException($"option {Crs.Option}: found {call.Get(Crs)}, expected EPSG:4326: only csv has columns for metres");
            }
            await call.OpenExistingStoreAsync();
            return Result.Stream((stream, stop) => call.Service<ExportReports>().WriteAsync(stream, call.Get(Format), metres, count => call.Progress.At("reports", count), stop));
        },
    };
}
