using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What the codes of rows are called in Open311, as UTF-8: each found once for an answer that names them a thousand times. Instants are told in the installation's zone.</summary>
internal sealed class RequestNames(RoutingSnapshot map, string language)
{
    private readonly KnownWords codes = new();
    private readonly Dictionary<string, byte[]> categories = new(StringComparer.Ordinal), bodies = new(StringComparer.Ordinal), states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Area> areas = map.MunicipalitiesOnce.ToDictionary(area => area.Id, StringComparer.Ordinal);
    private readonly WorkCalendar calendar = map.CalendarOf(null);

    /// <param name="utf8">Memory for it.</param>
    public ReadOnlySpan<byte> Local(long instant, Span<byte> utf8)
    {
        Instants.Write(calendar.LocalAt(instant), utf8);
        return utf8;
    }

    public ReadOnlySpan<byte> LocalOrNone(StoredRows row, int column, Span<byte> utf8) => row.IsNull(column) ? default : Local(row.Long(column), utf8);

    public ReadOnlySpan<byte> StatusOf(ReadOnlySpan<byte> state) => ReportWords.Parse<ReportState>(codes.Of(state))!.Value.IsOpen() ? "open"u8 : "closed"u8;

    public byte[] OfCategory(ReadOnlySpan<byte> utf8) => Of(categories, codes.Of(utf8), code => map.Categories.Find(code)?.Names.In(language) ?? code);

    public byte[] OfBody(ReadOnlySpan<byte> utf8) => Of(bodies, codes.Of(utf8), code => map.Find(code)?.Names.In(language) ?? code);

    public byte[] OfState(ReadOnlySpan<byte> utf8, Words words) => Of(states, codes.Of(utf8), state => words.In(language, "reports.state." + state));

    public Area? AreaOf(StoredRows row, int column) => codes.OfOrNull(row, column) is { } id ? areas.GetValueOrDefault(id) : null;

    private static byte[] Of(Dictionary<string, byte[]> known, string code, Func<string, string> name) =>
        known.TryGetValue(code, out var utf8) ? utf8 : known[code] = Encoding.UTF8.GetBytes(name(code));
}
