using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What is being drawn on a photo: it travels in the form, and nothing changes before it is sent off.</summary>
/// <param name="Rectangles">Shares of the upright picture.</param>
/// <param name="Corner">The first corner of the next one, when it was clicked.</param>
/// <param name="Version">Of the report that it was begun on.</param>
public sealed record RedactionDraft(IReadOnlyList<Redaction> Rectangles, (double X, double Y)? Corner, long Version)
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary><c>x,y,width,height;…</c>, as the hidden field carries it.</summary>
    public string Written => string.Join(';', Rectangles.Select(r => string.Create(Plain, $"{r.X:0.####},{r.Y:0.####},{r.Width:0.####},{r.Height:0.####}")));

    public string WrittenCorner => Corner is { } corner ? string.Create(Plain, $"{corner.X:0.####},{corner.Y:0.####}") : "";

    public static RedactionDraft Read(IFormCollection form) => new(
        [.. form["rectangles"].ToString().Split(';').Select(Numbers).Where(n => n.Length == 4).Take(RedactRequest.Most + 1).Select(n => new Redaction(n[0], n[1], n[2], n[3]))],
        Numbers(form["corner"].ToString()) is [var x, var y] ? (x, y) : null,
        SeenVersion.Of(form));

    /// <summary>The point is the first corner of a rectangle, or the one that completes it.</summary>
    public RedactionDraft Clicked(double x, double y) => Corner is not { } first ? this with { Corner = (x, y) }
        : Math.Abs(first.X - x) < 0.001 || Math.Abs(first.Y - y) < 0.001 ? this
        : this with { Rectangles = [.. Rectangles, new Redaction(Math.Min(first.X, x), Math.Min(first.Y, y), Math.Abs(first.X - x), Math.Abs(first.Y - y))], Corner = null };

    public RedactionDraft Without(int index) => this with { Rectangles = [.. Rectangles.Where((_, i) => i != index)] };

    /// <summary>Begun anew on a report that has changed: what somebody else has blackened meanwhile stays black.</summary>
    public RedactionDraft On(Report report, IEnumerable<Redaction> black) => this with { Rectangles = [.. black.Union(Rectangles)], Version = report.Version };

    /// <summary>Numbers between commas; none when one of them is no number.</summary>
    private static double[] Numbers(string text)
    {
        var parts = text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, Plain, out var number) && double.IsFinite(number) ? number : (double?)null).ToList();
        return parts.Contains(null) ? [] : [.. parts.Select(part => part!.Value)];
    }
}

/// <summary>What the page of a photo shows.</summary>
/// <param name="Address">Of its picture; null while it is being drawn.</param>
/// <param name="Width">Pixels on the page: the picture stands in this size on every screen, so that a click says where it is.</param>
/// <param name="Gone">There is nothing left to draw from.</param>
public sealed record RedactView(Report Report, Guid Photo, int Number, string? Address, int Width, int Height, bool Gone, RedactionDraft Draft, IFormCollection? Typed, Refusal? Refusal)
{
    public string? TypedIn(string field) => Refusal is null ? null : Typed?[field].ToString();
}

/// <summary>
/// <c>/{lang}/desk/reports/{number}/photos/{photo}</c>: black rectangles on a photo, each by two clicks on opposite corners, or by numbers. Without JavaScript; the last button alone changes anything.
/// </summary>
internal sealed class RedactPages(OfficerDesk desk, RedactPhoto redact, Caller caller)
{
    private const int LongSide = 600;

    public static void Map(Doors doors)
    {
        const string path = "/desk/reports/{number}/photos/{photo:guid}";
        doors.Pages.MapGet(path, (string number, Guid photo, RedactPages pages, CancellationToken cancellation) => pages.ShowAsync(number, photo, null, null, null, cancellation)).Needs(ReportPermissions.Act);
        doors.Pages.MapPost(path, (string number, Guid photo, HttpContext http, RedactPages pages, CancellationToken cancellation) => pages.DoAsync(number, photo, http, cancellation)).Needs(ReportPermissions.Act);
    }

    private async Task<IResult> ShowAsync(string number, Guid photo, RedactionDraft? draft, IFormCollection? typed, Refusal? refusal, CancellationToken cancellation)
    {
        if (!(await desk.FindAsync(number, cancellation)).Is(out var detail, out var unknown) || detail.Pictures.Index().FirstOrDefault(one => one.Item.Photo.Id == photo) is not { Item: { } picture } found)
        {
            return (unknown ?? new Refusal(RefusalKind.NotFound, "reports.unknownReport")).AsProblem();
        }
        var (width, height) = Upright(picture.File);
        var view = new RedactView(
            detail.Report, photo, found.Index + 1, picture.Ready ? ShowPhotos.AddressOf(picture, null).Replace("{variant}", "large", StringComparison.Ordinal) : null, width, height,
            picture.File.OriginalGone, draft is null ? new RedactionDraft(picture.File.Redactions, null, detail.Report.Version)
                : refusal?.Kind == RefusalKind.Conflict ? draft.On(detail.Report, picture.File.Redactions) : draft,
            typed, refusal);
        return new RazorComponentResult<Pages.RedactPage>(new Dictionary<string, object?> { ["View"] = view }) { StatusCode = refusal is null ? StatusCodes.Status200OK : (int)refusal.Kind };
    }

    private async Task<IResult> DoAsync(string number, Guid photo, HttpContext http, CancellationToken cancellation)
    {
        if (!(await desk.FindAsync(number, cancellation)).Is(out var detail, out var refusal) || detail.Pictures.FirstOrDefault(one => one.Photo.Id == photo) is not { } picture)
        {
            return (refusal ?? new Refusal(RefusalKind.NotFound, "reports.unknownReport")).AsProblem();
        }
        var form = await http.Request.ReadFormAsync(cancellation);
        var draft = RedactionDraft.Read(form);
        if (form["do"] == "redact")
        {
            var outcome = await redact.RunAsync(number, photo, new RedactRequest { Rectangles = draft.Rectangles, Version = draft.Version }, new Acting(caller, false), cancellation);
            return outcome.Refusal is { } refused ? await ShowAsync(number, photo, draft, form, refused, cancellation) : new SeeOther($"/{http.Language()}/desk/reports/{number}");
        }
        if (int.TryParse(form["remove"], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return await ShowAsync(number, photo, draft.Without(index), null, null, cancellation);
        }
        var (width, height) = Upright(picture.File);
        if (Number(form["at.x"]) is { } x && Number(form["at.y"]) is { } y)
        {
            return await ShowAsync(number, photo, draft.Clicked(Math.Clamp(x / width, 0, 1), Math.Clamp(y / height, 0, 1)), null, null, cancellation);
        }
        var typed = new Redaction(Share(form["left"]), Share(form["top"]), Share(form["width"]), Share(form["height"]));
        return new RedactRequest { Rectangles = [typed] }.Fault() is null
            ? await ShowAsync(number, photo, draft with { Rectangles = [.. draft.Rectangles, typed] }, null, null, cancellation)
            : await ShowAsync(number, photo, draft, form, Refusal.Invalid("reports.rectangleOutside", "left"), cancellation);
    }

    /// <summary>The size on the page: the long side is always the same, and what lies on its side is turned.</summary>
    private static (int Width, int Height) Upright(StoredFile file)
    {
        var (width, height) = file.Orientation >= 5 ? (file.Height, file.Width) : (file.Width, file.Height);
        var scale = (double)LongSide / Math.Max(width, height);
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Of per cent; what is no number fits nowhere.</summary>
    private static double Share(string? text) => Number(text?.Trim().Replace(',', '.')) / 100 ?? double.NaN;
}
