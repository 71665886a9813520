using System.Globalization;
using CsvHelper;

namespace Zinneke.Kernel;

/// <summary>
/// The codes of a list as CSV, a row a letter, for whoever prints them: <c>list, number, code, postcodes, last_day</c>. Nothing that a spreadsheet would run stands at the
/// beginning of a field, and none takes a code for a number.
/// </summary>
public static class InvitationsFile
{
    private static readonly CsvWriterOptions Csv = new() { NewLine = "\n", Separator = ',', Injection = CsvInjection.Escape };

    /// <param name="stream">Stays open.</param>
    /// <param name="zone">In which the last day is one.</param>
    public static async Task WriteAsync(Stream stream, NewInvitations made, TimeZoneInfo zone, CancellationToken cancellation)
    {
        var (list, postcodes) = (made.List.Id.ToString("D"), string.Join(' ', made.List.Postcodes));
        var lastDay = TimeZoneInfo.ConvertTime(Instants.FromMicros(made.List.ExpiresAt - 1), zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await using var csv = CsvWriter.Create(stream, Csv, leaveOpen: true);
        await csv.WriteRecordAsync(["list", "number", "code", "postcodes", "last_day"], cancellation);
        for (var i = 0; i < made.Codes.Count; i++)
        {
            await csv.WriteRecordAsync([list, (i + 1).ToString(CultureInfo.InvariantCulture), InvitationCode.Print(made.Codes[i]), postcodes, lastDay], cancellation);
        }
    }
}
