using System.Buffers;
using System.Globalization;
using System.Net.Mail;
using System.Text;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>The file of all bodies: <c>{"bodies":[{"id","kind","names","languages","areas","parent","channels",...}]}</c>. What is written can be read back to the same state.</summary>
public static class BodiesFile
{
    private static readonly Dictionary<string, BodyKind> Kinds = new(StringComparer.Ordinal)
    {
        ["region"] = BodyKind.Region,
        ["municipality"] = BodyKind.Municipality,
        ["department"] = BodyKind.Department,
        ["operator"] = BodyKind.Operator,
    };

    private static readonly SearchValues<char> PhoneSigns = SearchValues.Create("0123456789 +()/.-");

    private static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    /// <summary>Checks the whole file. The bodies are good only when no fault was added.</summary>
    public static IReadOnlyList<Body> Read(JsonTree file, Faults faults)
    {
        var root = new JsonFields(file, faults);
        var bodies = new List<(Body Body, JsonFields At)>();
        foreach (var at in root.Records("bodies"))
        {
            bodies.Add((ReadBody(at), at));
            at.NoOthers();
        }
        root.NoOthers();
        if (bodies.Count == 0)
        {
            root.Fault("bodies", "at least one body");
        }
        ParentCheck.Run([.. bodies.Select(item => (item.Body.Id, item.Body.Parent, item.At))], "id");
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (body, at) in bodies.Where(item => item.Body.Active))
        {
            foreach (var area in body.Areas.Where(area => !owners.TryAdd(area, body.Id)))
            {
                at.Fault("areas", $"areas that no other active body has: {area} ({owners[area]})");
            }
        }
        return [.. bodies.Select(item => item.Body)];
    }

    /// <summary>Reads bodies back from a catalogue, which was checked when it was written.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static IReadOnlyList<Body> Parse(string text)
    {
        var faults = new Faults();
        var bodies = JsonTree.Parse(Encoding.UTF8.GetBytes(text), faults) is { } tree ? Read(tree, faults) : [];
        return faults.None ? bodies : throw new InvalidDataException($"the catalogue of bodies is damaged: {faults.First[0]}");
    }

    public static void Write(Utf8JsonWriter writer, IEnumerable<Body> bodies)
    {
        writer.WriteStartObject();
        writer.WriteList("bodies", bodies, WriteBody);
        writer.WriteEndObject();
    }

    /// <summary>One body as an object of the file.</summary>
    public static void WriteBody(Utf8JsonWriter writer, Body body)
    {
        writer.WriteStartObject();
        writer.WriteString("id", body.Id);
        writer.WriteString("kind", Kinds.First(kind => kind.Value == body.Kind).Key);
        writer.Write("names", body.Names);
        writer.Write("languages", body.Languages);
        writer.Write("areas", body.Areas);
        writer.WriteIf("parent", body.Parent);
        writer.WriteStartArray("channels");
        foreach (var channel in body.Channels)
        {
            ChannelsFile.Write(writer, channel);
        }
        writer.WriteEndArray();
        WriteContact(writer, body.Contact);
        writer.WriteIf("colour", body.Colour);
        writer.WriteIf("logo", body.Logo);
        writer.Write("openingDays", [.. body.OpeningDays.Select(day => Days[(int)day])]);
        writer.Write("closingDays", body.ClosingDays);
        if (body.AcceptanceWorkDays != Body.AcceptanceWorkDaysDefault)
        {
            writer.WriteNumber("acceptanceWorkDays", body.AcceptanceWorkDays);
        }
        writer.WriteUnless(false, "looksFirst", body.LooksFirst);
        writer.WriteUnless(true, "active", body.Active);
        writer.WriteEndObject();
    }

    private static Body ReadBody(JsonFields at)
    {
        var body = new Body(at.Code("id"), at.Word("kind", Kinds), at.Text("names", Languages.All, 200))
        {
            Languages = at.Codes("languages"),
            Areas = at.Codes("areas"),
            Parent = at.OptionalCode("parent"),
            Channels = [.. at.Records("channels").Select(ChannelsFile.Read).OfType<Channel>()],
            Colour = at.OptionalString("colour", 7),
            Logo = at.OptionalString("logo", BodyLogos.TextLengthMax),
            Contact = at.Record("contact") is { } contact ? ReadContact(contact) : null,
            OpeningDays = ReadDays(at),
            ClosingDays = at.Dates("closingDays"),
            AcceptanceWorkDays = at.Int("acceptanceWorkDays", 1, 60, Body.AcceptanceWorkDaysDefault),
            LooksFirst = at.Bool("looksFirst", false),
            Active = at.Bool("active", true),
        };
        if (body.Languages.Count == 0 || !body.Languages.All(Languages.Known))
        {
            at.Fault("languages", "one or more of " + string.Join(", ", Languages.All));
        }
        if (body.Channels.Count == 0)
        {
            at.Fault("channels", "at least {\"type\":\"inbox\"}");
        }
        CheckLook(body, at);
        return body;
    }

    private static void CheckLook(Body body, JsonFields at)
    {
        if (body.Colour is { } colour)
        {
            if (!Colour.IsOne(colour))
            {
                at.Fault("colour", "a colour such as #1f6f8b");
            }
            else if (Colour.Contrast(colour, Colour.Paper) is < Colour.GraphicsContrastMin and var contrast)
            {
                // Rounded down: 2.999 is not enough either.
                at.Fault("colour", string.Create(CultureInfo.InvariantCulture, $"a darker colour with a contrast of at least {Colour.GraphicsContrastMin} to 1 to the page, not {Math.Floor(contrast * 100) / 100:0.00}"));
            }
        }
        if (body.Logo is { } logo && !FileStore.IsHash(logo) && BodyLogos.BytesOf(logo) is null)
        {
            at.Fault("logo", "a picture as a data address, or the name of one that was sent before");
        }
    }

    private static BodyContact ReadContact(JsonFields at)
    {
        var contact = new BodyContact(at.OptionalString("email", 254), at.OptionalString("phone", 30), at.OptionalString("website", 500), at.OptionalText("address", Languages.All, 300));
        if (contact.Email is { } email && !IsAddress(email))
        {
            at.Fault("email", "an e-mail address");
        }
        if (contact.Phone is { } phone && (phone.Count(char.IsAsciiDigit) < 3 || phone.AsSpan().ContainsAnyExcept(PhoneSigns)))
        {
            at.Fault("phone", "a telephone number of digits, spaces and the signs + ( ) / . -");
        }
        if (contact.Website is { } website && !IsWeb(website))
        {
            at.Fault("website", "an address that begins with https:// or http://");
        }
        at.NoOthers();
        return contact;
    }

    private static void WriteContact(Utf8JsonWriter writer, BodyContact? contact)
    {
        if (contact is null)
        {
            return;
        }
        writer.WriteStartObject("contact");
        writer.WriteIf("email", contact.Email);
        writer.WriteIf("phone", contact.Phone);
        writer.WriteIf("website", contact.Website);
        writer.Write("address", contact.Address);
        writer.WriteEndObject();
    }

    internal static bool IsAddress(string text) => MailAddress.TryCreate(text, out var parsed) && parsed.Address == text;

    internal static bool IsWeb(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0;

    private static IReadOnlyList<DayOfWeek> ReadDays(JsonFields at)
    {
        var days = at.Strings("openingDays");
        if (days.Any(day => !Days.Contains(day)))
        {
            at.Fault("openingDays", "days of the week: " + string.Join(", ", Days));
            return [];
        }
        return [.. days.Distinct().Select(day => (DayOfWeek)Array.IndexOf(Days, day))];
    }
}
