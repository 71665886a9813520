using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>The channels of a body as they stand in the file of bodies.</summary>
internal static class ChannelsFile
{
    private static readonly Dictionary<string, bool> Formats = new(StringComparer.Ordinal) { ["json"] = false, ["xml"] = true };
    private static readonly Dictionary<string, bool> PhotoWays = new(StringComparer.Ordinal) { ["mediaUrl"] = true, ["none"] = false };

    public static Channel? Read(JsonFields at)
    {
        Channel? channel = null;
        switch (at.String("type"))
        {
            case "inbox":
                channel = new InboxChannel();
                break;
            case "email":
                var address = at.String("address", 254);
                if (address.Length > 0 && !BodiesFile.IsAddress(address))
                {
                    at.Fault("address", "an e-mail address");
                }
                channel = new EmailChannel(address, at.Bool("contact", false));
                break;
            case "webhook":
                channel = ReadWebhook(at);
                break;
            case "open311":
                channel = ReadOpen311(at);
                break;
            case { Length: > 0 }:
                at.Fault("type", "one of inbox, email, webhook, open311");
                return null;
        }
        at.NoOthers();
        return channel;
    }

    /// <summary><c>secret</c>, or <c>secrets</c> with the new one and the old one while it is being changed.</summary>
    private static WebhookChannel ReadWebhook(JsonFields at)
    {
        var url = ReadUrl(at);
        IReadOnlyList<string> secrets = at.OptionalString("secret") is { } one ? [one] : at.Strings("secrets");
        if (secrets.Count is 0 or > 2 || secrets.Any(secret => secret.Length < WebhookChannel.SecretLengthMin))
        {
            at.Fault(at.Optional("secrets") is null ? "secret" : "secrets", $"one secret of at least {WebhookChannel.SecretLengthMin} signs, or two in secrets while it is changed", secret: true);
        }
        var retries = at.Optional("retrySeconds") is null ? WebhookChannel.RetryDefault : at.Ints("retrySeconds", 0, 7 * 86_400);
        if (retries.Count is 0 or > 20)
        {
            at.Fault("retrySeconds", "1 to 20 whole numbers");
        }
        return new WebhookChannel(url, secrets) { AllowPrivate = at.Bool("allowPrivate", false), RetrySeconds = retries, Contact = at.Bool("contact", false) };
    }

    private static string ReadUrl(JsonFields at)
    {
        var url = at.String("url", 2000);
        if (url.Length > 0 && !BodiesFile.IsWeb(url))
        {
            at.Fault("url", "an address that begins with https:// or http://");
        }
        return url;
    }

    private static Open311Channel ReadOpen311(JsonFields at)
    {
        var url = ReadUrl(at);
        if (url.Contains('?', StringComparison.Ordinal) || url.Contains('#', StringComparison.Ordinal))
        {
            at.Fault("url", "the address below which requests.json lies: without ? and #");
        }
        var services = ReadMap(at, "serviceMap");
        if (services.Count == 0)
        {
            at.Fault("serviceMap", "the service code of at least one category or branch");
        }
        return new Open311Channel(url.TrimEnd('/'), services)
        {
            ApiKey = at.OptionalString("apiKey", 500),
            JurisdictionId = at.OptionalString("jurisdictionId"),
            AttributeMap = ReadMap(at, "attributeMap"),
            Xml = at.Word("format", Formats, false),
            PollSeconds = at.Int("pollSeconds", Open311Channel.PollSecondsMin, 86_400, Open311Channel.PollSecondsDefault),
            Updates = at.Bool("updates", false),
            Photos = at.Word("photos", PhotoWays, true),
            AllowPrivate = at.Bool("allowPrivate", false),
            Contact = at.Bool("contact", false),
        };
    }

    /// <summary>An object from code to text; empty when it is missing.</summary>
    private static Dictionary<string, string> ReadMap(JsonFields at, string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (at.Record(name) is { } fields)
        {
            foreach (var code in fields.Entries().Select(entry => entry.Name).ToList())
            {
                map[code] = fields.String(code);
            }
        }
        return map;
    }

    public static void Write(Utf8JsonWriter writer, Channel channel)
    {
        writer.WriteStartObject();
        switch (channel)
        {
            case InboxChannel:
                writer.WriteString("type", "inbox");
                break;
            case EmailChannel email:
                writer.WriteString("type", "email");
                writer.WriteString("address", email.Address);
                writer.WriteUnless(false, "contact", email.Contact);
                break;
            case WebhookChannel hook:
                writer.WriteString("type", "webhook");
                writer.WriteString("url", hook.Url);
                if (hook.Secrets is [var only])
                {
                    writer.WriteString("secret", only);
                }
                else
                {
                    writer.Write("secrets", hook.Secrets);
                }
                if (!hook.RetrySeconds.SequenceEqual(WebhookChannel.RetryDefault))
                {
                    writer.WriteList("retrySeconds", hook.RetrySeconds, (to, seconds) => to.WriteNumberValue(seconds));
                }
                writer.WriteUnless(false, "allowPrivate", hook.AllowPrivate);
                writer.WriteUnless(false, "contact", hook.Contact);
                break;
            case Open311Channel geo:
                WriteOpen311(writer, geo);
                break;
        }
        writer.WriteEndObject();
    }
    private static void WriteOpen311(Utf8JsonWriter writer, Open311Channel geo)
    {
        writer.WriteString("type", "open311");
        writer.WriteString("url", geo.Url);
        writer.WriteIf("apiKey", geo.ApiKey);
        writer.WriteIf("jurisdictionId", geo.JurisdictionId);
        WriteMap(writer, "serviceMap", geo.ServiceMap);
        if (geo.AttributeMap.Count > 0)
        {
            WriteMap(writer, "attributeMap", geo.AttributeMap);
        }
        writer.WriteIf("format", geo.Xml ? "xml" : null);
        if (geo.PollSeconds != Open311Channel.PollSecondsDefault)
        {
            writer.WriteNumber("pollSeconds", geo.PollSeconds);
        }
        writer.WriteUnless(false, "updates", geo.Updates);
        writer.WriteIf("photos", geo.Photos ? null : "none");
        writer.WriteUnless(false, "allowPrivate", geo.AllowPrivate);
        writer.WriteUnless(false, "contact", geo.Contact);
    }

    private static void WriteMap(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string> map)
    {
        writer.WriteStartObject(name);
        foreach (var (code, theirs) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WriteString(code, theirs);
        }
        writer.WriteEndObject();
    }
}
