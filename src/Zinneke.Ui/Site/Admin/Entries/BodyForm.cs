using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>
/// A body by form. Its manager decides how it presents itself, works and is reached; which bodies there are, what they are and where they act is decided for the whole
/// installation.
/// </summary>
internal sealed class BodyForm(FileStore files, Dates dates) : EntryForm(ImportBodies.Kinds, "bodies", "id", "ui.admin.bodies", "ui.refusal.body")
{
    private static readonly string[] ContactFields = ["email", "phone", "website"];

    public override UploadLimits? Uploads { get; } = new() { PhotoField = "logo", PhotosMax = 1, Photo = BodyLogos.Limits };

    public override bool MayChange(Caller caller, string? id) => caller.Can(Kind.Permission, id);

    public override Text NameOf(JsonObject record) => new((record["names"] as JsonObject ?? []).Select(name => KeyValuePair.Create(name.Key, (string)name.Value!)));

    public override Typed Read(JsonObject record)
    {
        var typed = new Typed
        {
            ["id"] = record["id"].Words(),
            ["kind"] = record["kind"].Words() ?? "department",
            ["parent"] = record["parent"].Words(),
            ["colour"] = record["colour"].Words(),
            ["acceptanceWorkDays"] = record["acceptanceWorkDays"].Words() ?? Body.AcceptanceWorkDaysDefault.ToString(CultureInfo.InvariantCulture),
            ["looksFirst"] = record["looksFirst"]?.ToJsonString() == "true" ? "true" : null,
            ["closingDays"] = string.Join('\n', record.Strings("closingDays")),
            ["active"] = record["active"] is null ? "true" : record["active"]!.ToJsonString(),
        };
        typed.ReadWords(record, "names");
        var contact = record["contact"] as JsonObject ?? [];
        foreach (var field in ContactFields)
        {
            typed["contact." + field] = contact[field].Words();
        }
        typed.ReadWords(contact, "address", "contact.address");
        foreach (var list in (string[])["languages", "areas", "openingDays"])
        {
            typed.Set(list, record.Strings(list));
        }
        var channels = Channels(record);
        typed["inbox"] = record.Count == 0 || channels.Any(c => Is(c, "inbox")) ? "true" : null;
        if (channels.FirstOrDefault(c => Is(c, "email")) is { } mail)
        {
            typed["email"] = mail["address"].Words();
            typed["contact"] = mail["contact"] is null ? null : "true";
        }
        return typed;
    }

    public override void Write(JsonObject record, Typed typed, Caller caller)
    {
        if (caller.Can(Kind.Permission))
        {
            WritePlace(record, typed);
        }
        record.WriteWords("names", typed);
        record.Put("languages", EntryJson.List(typed.All("languages")));
        WriteContact(record, typed);
        record.Put("colour", typed["colour"]?.ToLowerInvariant());
        if (typed.Is("logoGone"))
        {
            record.Remove("logo");
        }
        record.Put("openingDays", EntryJson.List(typed.All("openingDays")));
        record.Put("closingDays", EntryJson.List(EntryJson.Parts(typed["closingDays"])));
        record.Put("acceptanceWorkDays", EntryJson.Number(typed["acceptanceWorkDays"]));
        record.PutIf("looksFirst", typed.Is("looksFirst"));
        WriteChannels(record, typed);
    }

    /// <summary>The picture goes the way of a file that holds it: through the same check.</summary>
    public override async Task WritePhotosAsync(JsonObject record, IReadOnlyList<IncomingPhoto> photos, CancellationToken cancellation)
    {
        if (photos is [var logo, ..])
        {
            record.Put("logo", await BodyLogos.TextOfAsync(logo, files, cancellation));
        }
    }

    public override async Task<RenderFragment> DrawAsync(EntryScene scene, CancellationToken cancellation)
    {
        var bodies = await BodyMap.ReadAsync(scene.Store, cancellation);
        var logo = bodies.FirstOrDefault(body => body.Id == scene.Id)?.Logo;
        return CatalogueLooks.Draw<BodyFields>(
            ("Typed", scene.Typed), ("IsNew", scene.Id is null), ("Whole", scene.Caller.Can(Kind.Permission)), ("Id", scene.Id), ("Bodies", bodies),
            ("LogoNow", logo is null ? null : await BodyLogos.PathAsync(scene.Store, logo, cancellation)),
            ("Areas", (await AreaMap.ReadAsync(scene.Store, Area.Municipality, cancellation)).Each(dates.Today).ToList()));
    }

    public override string FieldOf(string path) => path.StartsWith("channels", StringComparison.Ordinal) ? path.EndsWith("address", StringComparison.Ordinal) ? "email" : "channels" : base.FieldOf(path);

    /// <summary>What a body is and where it stands among the others.</summary>
    private static void WritePlace(JsonObject record, Typed typed)
    {
        if (record["id"] is null)
        {
            record.Put("id", typed["id"]);
        }
        record.Put("kind", typed["kind"]);
        record.Put("parent", typed["parent"]);
        record.Put("areas", EntryJson.List(typed.All("areas")));
        record.Put("active", typed.Is("active") ? null : false);
    }

    private static void WriteContact(JsonObject record, Typed typed)
    {
        var contact = new JsonObject();
        foreach (var field in ContactFields)
        {
            contact.Put(field, typed["contact." + field]);
        }
        contact.WriteWords("address", typed, optional: true, field: "contact.address");
        record.Put("contact", contact.Count > 0 ? contact : null);
    }

    /// <summary>Inbox and mail as typed; other ways of being told stay.</summary>
    private static void WriteChannels(JsonObject record, Typed typed)
    {
        var channels = new JsonArray();
        if (typed.Is("inbox"))
        {
            channels.Add(new JsonObject { ["type"] = "inbox" });
        }
        var mails = Channels(record).Where(c => Is(c, "email")).ToList();
        if (typed["email"] is { } address)
        {
            var mail = mails.FirstOrDefault()?.DeepClone().AsObject() ?? new JsonObject { ["type"] = "email" };
            mail["address"] = address;
            mail.PutIf("contact", typed.Is("contact"));
            channels.Add(mail);
        }
        foreach (var other in Channels(record).Where(c => !Is(c, "inbox") && !Is(c, "email")).Concat(mails.Skip(1)))
        {
            channels.Add(other.DeepClone());
        }
        record["channels"] = channels;
    }

    private static List<JsonObject> Channels(JsonObject record) => [.. (record["channels"] as JsonArray ?? []).OfType<JsonObject>()];

    private static bool Is(JsonObject channel, string type) => (string?)channel["type"] == type;
}
