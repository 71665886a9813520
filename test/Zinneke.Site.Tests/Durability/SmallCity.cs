namespace Zinneke.Testing.Durability;

/// <summary>The smallest city in which a report finds its body: one square municipality, one body, one category, one rule.</summary>
internal static class SmallCity
{
    private const string Areas = """
        {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"1","kind":"municipality","name_fr":"Carré","name_nl":"Vierkant","name_en":"Square","name_de":"Quadrat"},
        "geometry":{"type":"Polygon","coordinates":[[[4.30,50.80],[4.40,50.80],[4.40,50.90],[4.30,50.90],[4.30,50.80]]]}}]}
        """;

    private const string Bodies = """
        {"bodies":[{"id":"town","kind":"municipality","names":{"fr":"Ville","nl":"Stad","en":"Town","de":"Stadt"},"languages":["fr","nl"],"areas":["1"],"channels":[{"type":"inbox"}]}]}
        """;

    private const string Categories = """
        {"languages":["fr","nl","en","de"],"categories":[{"code":"road","parent":null,"names":{"fr":"Voirie","nl":"Weg","en":"Road","de":"Straße"},"leaf":true,
        "sla":{"value":5,"unit":"workdays"},"duplicate":{"radiusM":20,"days":180},"professionalOnly":false,"open311Type":"realtime","questions":[]}]}
        """;

    private const string Rules = """
        {"fallbackBody":"town","coordinatorBody":"town","toleranceM":15,"rules":[{"id":"all","order":1,"when":{},"body":"areaOwner","explain":{"fr":"Ici","nl":"Hier","en":"Here","de":"Hier"}}]}
        """;

    public static async Task ImportAsync(string folder, string store)
    {
        foreach (var (kind, text) in new[] { ("areas", Areas), ("bodies", Bodies), ("categories", Categories), ("rules", Rules) })
        {
            var file = Path.Combine(folder, kind + ".json");
            await File.WriteAllTextAsync(file, text);
            await RealServer.VerbAsync("import", kind, file, "--data", folder, "--store", store);
        }
    }

    public static object Report(Guid clientId) => new { clientId, category = "road", lon = 4.35, lat = 50.85, description = "Trou dans la chaussée", lang = "fr" };
}
