using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>reports export</c>: what everybody may see of all reports, as a file.</summary>
internal static class ExportVerb
{
    private static readonly Setting<string> Format = Setting.Choice("format", "Form of the file.", "csv", "csv", "json", "geojson", "georeport-bulk");

    public static Command Verb { get; } = new("reports", "export", "Writes all public reports, oldest first: never names, contacts, notes or what is hidden.", "reports export --format geojson --out reports.geojson --data var")
    {
        Options = [Format],
        Run = async call =>
        {
            await call.OpenStoreAsync();
            return Result.Stream((stream, stop) => call.Service<ExportReports>().WriteAsync(stream, call.Get(Format), count => call.Progress.At("reports", count), stop));
        },
    };
}
