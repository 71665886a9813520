using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports.Open311;

/// <summary>An answer below <c>/open311</c>.</summary>
internal sealed record GeoAnswered(HttpStatusCode Status, string? Type, string Text, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public XElement Xml => XDocument.Parse(Text, LoadOptions.PreserveWhitespace).Root!;

    /// <summary>What the errors say, in either format.</summary>
    public string Errors => Text.StartsWith('[') ? string.Join('|', Json.EnumerateArray().Select(e => e.GetProperty("description").GetString())) : string.Join('|', Xml.Elements("error").Select(e => e.Element("description")!.Value));

    public override string ToString() => $"{(int)Status} {Type} {Text}";
}

/// <summary>The small city of the desk as an Open311 client sees it, with questions, a category for professionals and one that is private.</summary>
public sealed class GeoSite : IAsyncLifetime
{
    private const string More = """
        {"code":"clean","parent":null,"names":{"fr":"Collecte","nl":"Inzameling","en":"Collection","de":"Sammlung"},"leaf":false},
        {"code":"clean-bag","parent":"clean","names":{"fr":"Sac oublié","nl":"Vergeten zak","en":"Bag left","de":"Sack vergessen"},"leaf":true,"sla":{"value":2,"unit":"workdays"},"duplicate":{"radiusM":20,"days":180},"professionalOnly":false,"open311Type":"realtime","keywords":{"fr":["poubelle","sac"]},
         "questions":[{"code":"colour","datatype":"singlevaluelist","required":true,"order":1,"variable":true,"text":{"fr":"Couleur","nl":"Kleur","en":"Colour","de":"Farbe"},"values":[{"key":"white","text":{"fr":"Blanc","nl":"Wit","en":"White","de":"Weiß"}},{"key":"blue","text":{"fr":"Bleu","nl":"Blauw","en":"Blue","de":"Blau"}}]},
                      {"code":"inside","datatype":"multivaluelist","required":false,"order":2,"variable":true,"text":{"fr":"Contenu","nl":"Inhoud","en":"Contents","de":"Inhalt"},"values":[{"key":"glass","text":{"fr":"Verre","nl":"Glas","en":"Glass","de":"Glas"}},{"key":"wood","text":{"fr":"Bois","nl":"Hout","en":"Wood","de":"Holz"}}]},
                      {"code":"hint","datatype":"string","required":false,"order":3,"variable":false,"text":{"fr":"Merci","nl":"Dank","en":"Thanks","de":"Danke"}},
                      {"code":"amount","datatype":"number","required":false,"order":4,"variable":true,"text":{"fr":"Nombre","nl":"Aantal","en":"Number","de":"Anzahl"}}]},
        {"code":"clean-own","parent":"clean","names":{"fr":"Interne","nl":"Intern","en":"Internal","de":"Intern"},"leaf":true,"sla":{"value":2,"unit":"workdays"},"duplicate":{"radiusM":20,"days":180},"professionalOnly":true,"open311Type":"realtime","questions":[]},
        """;

    internal TestSite Site { get; private set; } = null!;

    internal DeskCity City { get; private set; } = null!;

    internal string Key { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Site = await TestSite.NewAsync();
        City = await DeskCity.FoundAsync(Site.Services);
        await TakeOutAsync(null);
        Key = (await Site.Get<ApiKeys>().MakeAsync(Caller.Program(), new WantedKey("city app", ["open311"], null, null, null))).Value.Secret;
    }

    /// <summary>Puts the categories in force, without one of them.</summary>
    internal async Task TakeOutAsync(string? code)
    {
        var categories = JsonNode.Parse(DeskCity.Categories.Replace("\"categories\":[", "\"categories\":[" + More, StringComparison.Ordinal))!;
        foreach (var gone in categories["categories"]!.AsArray().Where(one => (string?)one!["code"] == code).ToList())
        {
            categories["categories"]!.AsArray().Remove(gone);
        }
        (await City.Get<ImportCategories>().RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(categories.ToJsonString())), "categories", Actor.System, default)).Refusals.ShouldBeEmpty();
        await City.ReloadAsync();
    }

    public Task DisposeAsync() => Site.DisposeAsync().AsTask();

    internal async Task<GeoAnswered> GetAsync(string path, string? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/open311/" + path);
        if (known is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
        }
        return await SendAsync(request);
    }

    /// <summary>A hole in the road of West, under the key of a city's app, with other arguments where they are given; an empty one is left out.</summary>
    internal Task<GeoAnswered> PostAsync(string path, params (string Name, string Value)[] arguments) => PostAsync(path, null, arguments);

    internal async Task<GeoAnswered> PostAsync(string path, string? idempotencyKey, params (string Name, string Value)[] arguments)
    {
        var usual = new List<(string Name, string Value)> { ("api_key", Key), ("service_code", "road-hole"), ("lat", "50.85"), ("long", "4.35"), ("description", "Trou") };
        usual.RemoveAll(one => arguments.Any(argument => argument.Name == one.Name));
        var form = usual.Concat(arguments).Where(one => one.Value.Length > 0).Select(one => KeyValuePair.Create(one.Name, one.Value));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/open311/" + path) { Content = new FormUrlEncodedContent(form) };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }
        return await SendAsync(request);
    }

    /// <summary>Sends one that must be taken.</summary>
    /// <returns>Its number.</returns>
    internal async Task<string> TakenAsync(params (string Name, string Value)[] arguments)
    {
        var answered = await PostAsync("v2/requests.json", arguments);
        answered.Status.ShouldBe(HttpStatusCode.OK, answered.ToString());
        return answered.Json[0].GetProperty("service_request_id").GetString()!;
    }

    /// <summary>The same in both formats, the names of root and items apart.</summary>
    internal async Task SameInBothAsync(string path, string root, string? query = null)
    {
        var json = await GetAsync($"{path}.json{query}");
        var xml = await GetAsync($"{path}.xml{query}");
        json.Type.ShouldBe("application/json; charset=utf-8");
        xml.Type.ShouldBe("text/xml; charset=utf-8");
        xml.Text.ShouldStartWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
        xml.Xml.Name.LocalName.ShouldBe(root);
        Compare(json.Json, xml.Xml);
    }

    internal async Task<GeoAnswered> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Add("Accept-Language", "fr");
        using var answer = await Site.Client.SendAsync(request);
        return new GeoAnswered(answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsStringAsync(), answer.Headers);
    }

    private static void Compare(JsonElement json, XElement xml)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Array:
                xml.Elements().Select(e => e.Name).Distinct().Count().ShouldBeLessThanOrEqualTo(1);
                xml.Elements().Count().ShouldBe(json.GetArrayLength());
                foreach (var (one, other) in json.EnumerateArray().Zip(xml.Elements()))
                {
                    Compare(one, other);
                }
                break;
            case JsonValueKind.Object:
                json.EnumerateObject().Select(p => p.Name).ShouldBe(xml.Elements().Select(e => e.Name.LocalName));
                foreach (var (one, other) in json.EnumerateObject().Zip(xml.Elements()))
                {
                    Compare(one.Value, other);
                }
                break;
            case JsonValueKind.Number:
                double.Parse(xml.Value, CultureInfo.InvariantCulture).ShouldBe(json.GetDouble());
                break;
            default:
                xml.Value.ShouldBe(json.ValueKind switch { JsonValueKind.True => "true", JsonValueKind.False => "false", JsonValueKind.Null => "", _ => json.GetString() });
                break;
        }
    }
}
