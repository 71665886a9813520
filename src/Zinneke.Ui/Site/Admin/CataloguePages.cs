using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>
/// <c>/{lang}/admin/{word}</c> for each kind of import that has a look: what is in force and since when, the file to take along, a file to put in force in two steps (what
/// would change, then do it), and the editions before, which can be put back.
/// </summary>
internal static class CataloguePages
{
    public static void MapCatalogues(this Doors doors, IEnumerable<CatalogueLook> looks)
    {
        foreach (var look in looks)
        {
            var (path, permission) = (look.Path, look.Kind.Permission);
            doors.Pages.MapGet(path, (long? done, HttpContext http, CatalogueDesk desk, CancellationToken cancellation) => desk.ShowAsync(http, look, done, null, cancellation)).Needs(permission);
            doors.Pages.MapPost(path, (HttpContext http, CatalogueDesk desk, CancellationToken cancellation) => desk.UploadAsync(http, look, cancellation)).Needs(permission).BodyUpTo(CatalogueDesk.Limits.BodyBytesMax);
            doors.Pages.MapGet(path + "/file", (HttpContext http, CatalogueDesk desk, CancellationToken cancellation) => desk.DownloadAsync(http, look, cancellation)).Needs(permission);
            doors.Pages.MapGet(path + "/check", (HttpContext http, CatalogueDesk desk, CancellationToken cancellation) => desk.CheckAsync(http, look, new Wanted(http.Request.Query["t"], http.Request.Query["edition"]), null, cancellation)).Needs(permission);
            doors.Pages.MapPost(path + "/check", (HttpContext http, CatalogueDesk desk, CancellationToken cancellation) => desk.TakeAsync(http, look, cancellation)).Needs(permission);
        }
    }
}

/// <summary>What is to be put in force: a file that was sent before, or an earlier edition.</summary>
/// <param name="Token">Signed, names the file.</param>
/// <param name="Edition">Number of the edition.</param>
public sealed record Wanted(string? Token, string? Edition);

/// <summary>One line of the list of editions.</summary>
/// <param name="At">UTC microseconds.</param>
/// <param name="HasText">False for areas: they are rows, and only that they were imported is noted.</param>
public sealed record EditionLine(long Edition, long At, Guid Actor, EditionSummary? Summary, bool HasText);

/// <summary>What the page of a catalogue shows.</summary>
/// <param name="ByForm">Records can be added and changed by form too.</param>
/// <param name="Editions">Newest first.</param>
/// <param name="Names">Of who made them.</param>
/// <param name="Done">The edition just put in force; 0 when the file said what was in force already.</param>
public sealed record CatalogueView(
    CatalogueLook Look, Microsoft.AspNetCore.Components.RenderFragment? InForce, Microsoft.AspNetCore.Components.RenderFragment? Options, bool MayChange, bool ByForm,
    EditionLine? Current, IReadOnlyList<EditionLine> Editions, string? Older, IReadOnlyDictionary<Guid, string> Names, long? Done, Refusal? Refusal);

/// <summary>What the page before a change shows.</summary>
/// <param name="File">Name of the file, or null when an edition is to be put back.</param>
/// <param name="Effect">What else it would do.</param>
public sealed record CatalogueCheckView(CatalogueLook Look, ImportCheck Check, Wanted Wanted, string? File, Refusal? Refusal, Microsoft.AspNetCore.Components.RenderFragment? Effect);

/// <summary>Shows a catalogue and puts files in force.</summary>
internal sealed class CatalogueDesk(Store store, Importers importers, IEnumerable<EntryForm> forms, FileStore files, Signer signer, Caller caller)
{
    /// <summary>As much as a document may be, which is more than any list of a region.</summary>
    public static readonly UploadLimits Limits = new() { PhotosMax = 0, FileField = "file", FileBytesMax = JsonTree.BytesMax };

    private const int EditionsShown = 20;
    private const string Ending = ".import";

    /// <summary>Files that nobody keeps are swept after an hour: as long can one think before confirming.</summary>
    private static readonly TimeSpan ThinkingTime = SweepFiles.SparedFor;

    public async Task<IResult> ShowAsync(HttpContext http, CatalogueLook look, long? done, Refusal? refusal, CancellationToken cancellation)
    {
        var scene = new CatalogueScene(store, caller, http.Request);
        var before = long.TryParse(http.Request.Query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        var all = store.Set<CatalogueRow>().AsNoTracking().Where(c => c.Kind == look.Kind.Catalogue).OrderByDescending(c => c.Edition);
        var lines = await LinesAsync(all.Where(c => c.Edition < before).Take(EditionsShown + 1), cancellation);
        var current = before == long.MaxValue ? lines : await LinesAsync(all.Take(1), cancellation);
        var view = new CatalogueView(
            look, await look.DrawAsync(scene, cancellation), await look.DrawOptionsAsync(scene, cancellation), look.MayChange(caller), forms.Any(form => form.Kind.Word == look.Kind.Word), current is [var newest, ..] ? newest : null, [.. lines.Take(EditionsShown)],
            lines.Count > EditionsShown ? Here.With(http.Request, ("before", lines[EditionsShown - 1].Edition.ToString(CultureInfo.InvariantCulture)), ("done", null)) : null,
            await ActorNames.OfAsync(store, lines.Concat(current).Select(line => line.Actor), cancellation), done, refusal);
        return SignInPages.Page<CataloguePage>(new { View = view }, refusal is null ? 200 : (int)refusal.Kind, http);
    }

    /// <summary>The file in force, or that of an earlier edition.</summary>
    public async Task<IResult> DownloadAsync(HttpContext http, CatalogueLook look, CancellationToken cancellation)
    {
        if (!ImportOptions.Read(look.Kind, name => http.Request.Query[name]).Is(out var options, out var malformed))
        {
            return malformed.AsProblem();
        }
        if (look.Kind.HoldsSecrets && caller.RefusalUnlessCan(look.Kind.Permission, new Where(look.Kind.BodyOf(options))) is { } notAllowed)
        {
            return notAllowed.AsProblem();
        }
        var file = new MemoryStream();
        var (name, found) = (look.Kind.Word, false);
        if (http.Request.Query["edition"].ToString() is { Length: > 0 } edition)
        {
            var text = await TextAsync(look, edition, cancellation);
            if (text is not null)
            {
                await Importer.WriteAsync(text, file, cancellation);
            }
            (name, found) = ($"{name}-{edition}", text is not null);
        }
        else
        {
            found = await importers[look.Kind.Word].ExportWholeAsync(store, file, options, cancellation);
        }
        if (!found)
        {
            return new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();
        }
        http.Response.Headers.CacheControl = "no-store";
        file.Position = 0;
        return TypedResults.Stream(file, look.Kind.Ending switch { "csv" => "text/csv; charset=utf-8", "geojson" => "application/geo+json", _ => "application/json" }, $"{name}.{look.Kind.Ending}");
    }

    /// <summary>Takes a file and leads to the page that says what it would change.</summary>
    public async Task<IResult> UploadAsync(HttpContext http, CatalogueLook look, CancellationToken cancellation)
    {
        if (!(await UploadForm.ReadAsync(http.Request, files, Limits)).Is(out var form, out var refusal))
        {
            return await ShowAsync(http, look, null, refusal with { Field = "file" }, cancellation);
        }
        await using (form)
        {
            if (form.File is not { } sent)
            {
                return await ShowAsync(http, look, null, Refusal.Invalid("ui.fileMissing", "file"), cancellation);
            }
            var given = look.Kind.Options.ToDictionary(option => option.Name, option => form[option.Name], StringComparer.Ordinal);
            if (!ImportOptions.Read(look.Kind, given.GetValueOrDefault).Is(out var options, out var malformed))
            {
                return await ShowAsync(http, look, null, malformed, cancellation);
            }
            if (caller.RefusalUnlessCan(look.Kind.Permission, new Where(look.Kind.BodyOf(options))) is { } notAllowed)
            {
                return notAllowed.AsProblem();
            }
            var staged = new Staged(await sent.Content.KeepAsync(Ending, cancellation), Fault.Shorten(sent.Name), given);
            return new SeeOther($"/{http.Language()}{look.Path}/check?t={signer.Sign(PurposeOf(look), staged, ThinkingTime)}");
        }
    }

    /// <summary>Says what putting it in force would change, or what is wrong with it.</summary>
    public async Task<IResult> CheckAsync(HttpContext http, CatalogueLook look, Wanted wanted, Refusal? refusal, CancellationToken cancellation)
    {
        var source = await OpenAsync(look, wanted, cancellation);
        if (!source.Is(out var opened, out var gone))
        {
            return gone.AsProblem();
        }
        try
        {
            await using var stream = opened.Stream;
            var check = await importers[look.Kind.Word].CheckAsync(stream, opened.File ?? "", opened.Options, cancellation);
            var status = refusal is not null ? (int)refusal.Kind : check.Summary.Refused > 0 ? StatusCodes.Status422UnprocessableEntity : 200;
            var effect = check is { Same: false, Change: { } change } && check.Summary.Refused == 0 ? await look.DrawEffectAsync(new CatalogueScene(store, caller, http.Request), change.Text, cancellation) : null;
            return SignInPages.Page<CatalogueCheckPage>(new { View = new CatalogueCheckView(look, check, wanted, opened.File, refusal, effect) }, status, http);
        }
        catch (InvalidDataException)
        {
            return await ShowAsync(http, look, null, Refusal.Invalid("ui.fileUnreadable", "file"), cancellation);
        }
    }

    /// <summary>Puts it in force, unless another edition came into force since it was looked at.</summary>
    public async Task<IResult> TakeAsync(HttpContext http, CatalogueLook look, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var wanted = new Wanted(form["t"], form["edition"]);
        if (!(await OpenAsync(look, wanted, cancellation)).Is(out var opened, out var gone))
        {
            return gone.AsProblem();
        }
        await using var stream = opened.Stream;
        var seen = long.TryParse(form["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1; // A form that does not say what it saw fits nothing.
        Outcome<ImportSummary> taken;
        try
        {
            taken = await importers[look.Kind.Word].TakeAsync(stream, opened.File ?? $"{look.Kind.Word}-{wanted.Edition}.{look.Kind.Ending}", opened.Options, caller.Actor, seen, cancellation);
        }
        catch (InvalidDataException)
        {
            return await CheckAsync(http, look, wanted, null, cancellation);
        }
        if (!taken.Is(out var summary, out var refusal) || summary.Refused > 0)
        {
            return await CheckAsync(http, look, wanted, refusal, cancellation);
        }
        if (opened.Staged is { } hash)
        {
            await stream.DisposeAsync();
            files.Delete(hash, Ending); // It may hold secrets of bodies, and has done its work.
        }
        var edition = await CatalogueRow.EditionAsync(store, look.Kind.Catalogue, cancellation);
        return new SeeOther($"/{http.Language()}{look.Path}?done={(edition == seen ? 0 : edition)}");
    }

    /// <summary>The file with its options, when the caller may put it in force.</summary>
    private async Task<Outcome<Source>> OpenAsync(CatalogueLook look, Wanted wanted, CancellationToken cancellation)
    {
        Source source;
        if (wanted.Edition is { Length: > 0 } edition)
        {
            if (await TextAsync(look, edition, cancellation) is not { } text)
            {
                return new Refusal(RefusalKind.NotFound, "kernel.notFound");
            }
            source = new Source(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), null, look.Kind.ToPutBack);
        }
        else
        {
            if (!signer.TryRead<Staged>(PurposeOf(look), wanted.Token, out var staged) || !files.Has(staged!.Hash, Ending))
            {
                return new Refusal(RefusalKind.Gone, "ui.fileGone");
            }
            source = new Source(PackedFile.Open(files.PathOf(staged.Hash, Ending)), staged.Name, ImportOptions.Read(look.Kind, staged.Options.GetValueOrDefault).Value, staged.Hash);
        }
        return caller.RefusalUnlessCan(look.Kind.Permission, new Where(look.Kind.BodyOf(source.Options))) is { } refusal ? refusal : source;
    }

    private async Task<string?> TextAsync(CatalogueLook look, string edition, CancellationToken cancellation) =>
        look.Kind.Word == look.Kind.Catalogue && long.TryParse(edition, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? await store.Set<CatalogueRow>().AsNoTracking().Where(c => c.Kind == look.Kind.Catalogue && c.Edition == number && c.Text != "").Select(c => c.Text).FirstOrDefaultAsync(cancellation)
            : null;

    private static async Task<IReadOnlyList<EditionLine>> LinesAsync(IQueryable<CatalogueRow> rows, CancellationToken cancellation) =>
    [
        .. (await rows.Select(c => new { c.Edition, c.At, c.Actor, c.Summary, HasText = c.Text != "" }).ToListAsync(cancellation))
            .Select(c => new EditionLine(c.Edition, c.At, c.Actor, c.Summary is null ? null : System.Text.Json.JsonSerializer.Deserialize<EditionSummary>(c.Summary, Json.Options), c.HasText)),
    ];

    /// <summary>A file is for the kind and the person it was sent by.</summary>
    private string PurposeOf(CatalogueLook look) => $"import {look.Kind.Word} {caller.Actor.Id}";

    private sealed record Staged(string Hash, string Name, Dictionary<string, string> Options);

    /// <param name="Staged">Of a file that was sent.</param>
    private sealed record Source(Stream Stream, string? File, ImportOptions Options, string? Staged = null);
}
