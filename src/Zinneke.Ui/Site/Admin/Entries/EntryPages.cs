using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary><c>/{lang}/admin/{word}/{id}</c> and <c>/{lang}/admin/{word}/new</c>: one record of a catalogue by form.</summary>
internal static class EntryPages
{
    private const string New = "new";

    public static void MapEntries(this Doors doors, IEnumerable<EntryForm> forms)
    {
        foreach (var form in forms)
        {
            var (path, permission) = ($"/admin/{form.Kind.Word}/{{id}}", form.Kind.Permission);
            doors.Pages.MapGet(path, (string id, HttpContext http, EntryDesk desk, CancellationToken cancellation) => desk.ShowAsync(http, form, id == New ? null : id, cancellation)).Needs(permission);
            doors.Pages.MapPost(path, (string id, HttpContext http, EntryDesk desk, CancellationToken cancellation) => desk.ChangeAsync(http, form, id == New ? null : id, cancellation)).Needs(permission)
                .BodyUpTo((form.Uploads ?? EntryDesk.FieldsOnly).BodyBytesMax);
        }
    }
}

/// <summary>What the page of one record shows.</summary>
/// <param name="Name">Null for a new one.</param>
/// <param name="Seen">Stands for the record as it was when the form was drawn.</param>
/// <param name="Removing">It is asked whether the record is to go.</param>
public sealed record EntryView(EntryForm Form, string? Id, Text? Name, RenderFragment Fields, string Seen, bool Removing, Refusal? Refusal);

/// <summary>Shows the form of a record and sends it through the check of its catalogue.</summary>
internal sealed class EntryDesk(Store store, Importers importers, IEnumerable<CatalogueLook> looks, FileStore files, Words words, Caller caller)
{
    public static readonly UploadLimits FieldsOnly = new() { PhotosMax = 0 };

    public async Task<IResult> ShowAsync(HttpContext http, EntryForm form, string? id, CancellationToken cancellation)
    {
        var list = await ListAsync(form, cancellation);
        if (!MayOpen(form, id) || (id is not null && list.Find(id) is null))
        {
            return new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();
        }
        return await DrawAsync(http, form, id, list, null, http.Request.Query["remove"] == "1", null, cancellation);
    }

    public async Task<IResult> ChangeAsync(HttpContext http, EntryForm form, string? id, CancellationToken cancellation)
    {
        var list = await ListAsync(form, cancellation);
        var held = id is null ? null : list.Find(id);
        if (!MayOpen(form, id) || (id is not null && held is null))
        {
            return new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();
        }
        if (!(await UploadForm.ReadAsync(http.Request, files, form.Uploads ?? FieldsOnly)).Is(out var sent, out var unreadable))
        {
            return unreadable.AsProblem();
        }
        await using (sent)
        {
            return await ChangeAsync(http, form, id, list, held, sent, cancellation);
        }
    }

    private async Task<IResult> ChangeAsync(HttpContext http, EntryForm form, string? id, RecordList list, JsonObject? held, UploadForm sent, CancellationToken cancellation)
    {
        var typed = new Typed(sent.Fields);
        if (sent.Fields.ContainsKey(KeptForm.Stay))
        {
            return await DrawAsync(http, form, id, list, typed, false, null, cancellation); // Only the language was changed.
        }
        var removing = sent["do"] == "remove" && form.CanRemove && held is not null;
        if (sent["seen"] != SeenOf(held))
        {
            return await DrawAsync(http, form, id, list, typed, removing, new Refusal(RefusalKind.Conflict, "ui.entryChanged"), cancellation);
        }
        if (sent.Refusals.Count > 0)
        {
            return await DrawAsync(http, form, id, list, typed, removing, Refusal.Of([.. sent.Refusals.Select(one => one with { Field = form.FieldOf(one.Field ?? "") })]), cancellation);
        }
        var index = held is null ? list.Records.Count : list.Records.IndexOf(held);
        var record = held?.DeepClone().AsObject() ?? [];
        if (removing)
        {
            list.Records.RemoveAt(index);
        }
        else
        {
            form.Write(record, typed, caller);
            await form.WritePhotosAsync(record, sent.Photos, cancellation);
            if (held is null)
            {
                list.Records.Add(record);
            }
            else
            {
                list.Records[index] = record;
            }
        }
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(list.Document.ToJsonString()));
        var taken = await importers[form.Kind.Word].TakeAsync(file, null, ImportOptions.None, caller.Actor, list.Edition, cancellation);
        var refusal = taken.Is(out var summary, out var stale) ? summary.Refused > 0 ? RefusalOf(form, summary.Refusals, index) : null : stale;
        return refusal is null
            ? new SeeOther($"/{http.Language()}/admin/{form.Kind.Word}?done={await CatalogueRow.EditionAsync(store, form.Kind.Catalogue, cancellation)}")
            : await DrawAsync(http, form, id, await ListAsync(form, cancellation), typed, removing, refusal, cancellation);
    }

    private async Task<IResult> DrawAsync(HttpContext http, EntryForm form, string? id, RecordList list, Typed? typed, bool removing, Refusal? refusal, CancellationToken cancellation)
    {
        var held = id is null ? null : list.Find(id);
        var fields = await form.DrawAsync(new EntryScene(store, caller, id, typed ?? form.Read(held ?? form.Begin(http.Request.Query))), cancellation);
        var view = new EntryView(form, id, held is null ? null : form.NameOf(held), fields, SeenOf(held), removing && form.CanRemove && held is not null, refusal);
        var look = looks.First(one => one.Kind.Word == form.Kind.Word);
        return SignInPages.Page<EntryPage>(new { View = view, Above = look.Key + ".title" }, refusal is null ? 200 : (int)refusal.Kind, http);
    }

    private bool MayOpen(EntryForm form, string? id) => form.MayChange(caller, id);

    /// <summary>The catalogue in force as it is written to a file.</summary>
    private async Task<RecordList> ListAsync(EntryForm form, CancellationToken cancellation)
    {
        var edition = await CatalogueRow.EditionAsync(store, form.Kind.Catalogue, cancellation);
        using var file = new MemoryStream();
        var document = await importers[form.Kind.Word].ExportAsync(store, file, ImportOptions.None, cancellation) ? JsonNode.Parse(file.ToArray())!.AsObject() : [];
        document[form.List] ??= new JsonArray();
        return new RecordList(document, document[form.List]!.AsArray(), form.IdField, edition);
    }

    /// <summary>Each fault of the record at its field, in the reader's words; what no longer fits elsewhere concerns the whole form.</summary>
    private Refusal RefusalOf(EntryForm form, IReadOnlyList<Fault> faults, int index)
    {
        var here = $"{form.List}[{index}].";
        return Refusal.Of([.. faults.Select(fault => fault.Field.StartsWith(here, StringComparison.Ordinal) ? AtField(form, fault, fault.Field[here.Length..]) : Elsewhere(form, fault)).DistinctBy(refusal => (refusal.Field, refusal.Code))]);
    }

    private Refusal AtField(EntryForm form, Fault fault, string path)
    {
        var member = path.Split('.', '[')[0];
        var code = $"{form.FaultKey}{char.ToUpperInvariant(member[0])}{member[1..]}";
        return words.Find(code) is null
            ? Refusal.Invalid("ui.entryFault", form.FieldOf(path), Expected(form, fault))
            : Refusal.Invalid(code.Replace(".refusal.", ".", StringComparison.Ordinal), form.FieldOf(path));
    }

    private Refusal Elsewhere(EntryForm form, Fault fault) => new(RefusalKind.Invalid, "ui.entryElsewhere") { Arguments = [fault.Field, Expected(form, fault)] };

    private string Expected(EntryForm form, Fault fault) => FaultWords.Expected(fault.Expected, form.FaultKey[..form.FaultKey.IndexOf('.', StringComparison.Ordinal)], words) ?? fault.Expected;

    private static string SeenOf(JsonObject? record) => record is null ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(record.ToJsonString())))[..16];

    private sealed record RecordList(JsonObject Document, JsonArray Records, string IdField, long Edition)
    {
        public JsonObject? Find(string id) => Records.OfType<JsonObject>().FirstOrDefault(record => (string?)record[IdField] == id);
    }
}
