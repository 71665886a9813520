using System.Globalization;
using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Adds days on which a body, or every active body, is closed beside the public holidays, from a CSV with the columns date and code.</summary>
internal sealed class ImportHolidays(Database database, Writer writer, IEnumerable<ImportGuard> guards) : Importer<IReadOnlyCollection<DateOnly>>(Kinds, database, writer, guards)
{
    /// <summary>Stands in the column code of what is written: a public holiday has a name, a closing day needs none.</summary>
    private const string ClosedCode = "closed";

    public static Setting<string?> OfBody { get; } = Setting.Words("body", "Body that is closed on these days; every body when left out.");

    public static ImportKind Kinds { get; } = new("holidays", "Adds closing days from a CSV with date and code.", "import holidays closing.csv --body c21013 --data var", BodyPermissions.Edit)
    {
        Ending = "csv",
        Catalogue = Body.Catalogue,
        Options = [OfBody],
        ExportOptions = [OfBody],
        BodyOf = options => options.Get(OfBody),
    };

    /// <inheritdoc/>
    /// <remarks>The closing days of the body; without one, those that all active bodies share.</remarks>
    public override async Task<bool> ExportAsync(Store store, Stream to, ImportOptions options, CancellationToken cancellation)
    {
        var concerned = Concerned(await BodyMap.ReadAsync(store, cancellation), options);
        var lines = Shared(concerned).Order().Select(date => $"{Iso(date)},{ClosedCode}\r\n");
        await to.WriteAsync(Encoding.UTF8.GetBytes("date,code\r\n" + string.Concat(lines)), cancellation);
        return concerned.Count > 0;
    }

    protected override Task<IReadOnlyCollection<DateOnly>?> ReadAsync(Stream stream, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        using var rows = new CsvRows(stream, faults, "date", "code");
        var dates = new HashSet<DateOnly>();
        while (rows.Read())
        {
            if (rows.Date("date", out var date))
            {
                dates.Add(date);
            }
        }
        return Task.FromResult<IReadOnlyCollection<DateOnly>?>(dates);
    }

    protected override int CountOf(IReadOnlyCollection<DateOnly> read) => read.Count;

    protected override async Task<ImportChange> CompareAsync(Store store, IReadOnlyCollection<DateOnly> read, ImportOptions options, Faults faults, CancellationToken cancellation)
    {
        var bodies = await BodyMap.ReadAsync(store, cancellation);
        var concerned = Concerned(bodies, options);
        if (concerned.Count == 0)
        {
            faults.Add(0, OfBody.Name, options.Get(OfBody), "the id of a body");
        }
        var closed = Shared(concerned);
        closed.UnionWith(read.Where(BelgianHolidays.Includes));
        var after = bodies.Select(body => concerned.Contains(body) ? body with { ClosingDays = [.. body.ClosingDays.Union(read.Where(date => !BelgianHolidays.Includes(date))).Order()] } : body);
        return new ImportChange(Records(closed), Records(read.Order()), false, JsonWriting.Line(w => BodiesFile.Write(w, after)), bodies.Count);
    }

    private static List<Body> Concerned(IReadOnlyList<Body> bodies, ImportOptions options) => [.. bodies.Where(body => options.Get(OfBody) is { } id ? body.Id == id : body.Active)];

    private static HashSet<DateOnly> Shared(IReadOnlyList<Body> bodies) =>
        bodies.Select(body => body.ClosingDays.ToHashSet()).Aggregate((HashSet<DateOnly>?)null, (all, own) => all is null ? own : [.. all.Intersect(own)]) ?? [];

    private static List<ImportRecord> Records(IEnumerable<DateOnly> dates) =>
        [.. dates.Select(date => new ImportRecord(Iso(date), new Text(Languages.All.Select(l => KeyValuePair.Create(l, date.ToString("D", Languages.CultureOf(l))))), Iso(date)))];

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
