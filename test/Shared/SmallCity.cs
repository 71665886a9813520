namespace Zinneke.Testing;

/// <summary>The smallest city in which a report finds its body: one square municipality, one body, one category, one rule. For tests and measurements of the whole program.</summary>
internal static class SmallCity
{
    private static readonly (string Kind, string Text)[] Files =
    [
        ("areas", """
            {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"1","kind":"municipality","name_fr":"Carré","name_nl":"Vierkant","name_en":"Square","name_de":"Quadrat"},
            "geometry":{"type":"Polygon","coordinates":[[[4.30,50.80],[4.40,50.80],[4.40,50.90],[4.30,50.90],[4.30,50.80]]]}}]}
            """),
        ("bodies", """
            {"bodies":[{"id":"town","kind":"municipality","names":{"fr":"Ville","nl":"Stad","en":"Town","de":"Stadt"},"languages":["fr","nl"],"areas":["1"],"channels":[{"type":"inbox"}]}]}
            """),
        ("categories", """
            {"languages":["fr","nl","en","de"],"categories":[{"code":"road","parent":null,"names":{"fr":"Voirie","nl":"Weg","en":"Road","de":"Straße"},"leaf":true,
            "sla":{"value":5,"unit":"workdays"},"duplicate":{"radiusM":20,"days":180},"professionalOnly":false,"open311Type":"realtime","questions":[]}]}
            """),
        ("rules", """
            {"fallbackBody":"town","coordinatorBody":"town","toleranceM":15,"rules":[{"id":"all","order":1,"when":{},"body":"areaOwner","explain":{"fr":"Ici","nl":"Hier","en":"Here","de":"Hier"}}]}
            """),
    ];

    /// <param name="folder">Of the installation.</param>
    /// <param name="verb">Runs a verb of the program to its end, and throws when it fails.</param>
    public static async Task ImportAsync(string folder, string store, Func<string[], Task> verb)
    {
        foreach (var (kind, text) in Files)
        {
            var file = Path.Combine(folder, kind + ".json");
            await File.WriteAllTextAsync(file, text);
            await verb(["import", kind, file, "--data", folder, "--store", store]);
        }
    }

    public static object Report(Guid clientId) => new { clientId, category = "road", lon = 4.35, lat = 50.85, description = "Trou dans la chaussée", lang = "fr" };
}
