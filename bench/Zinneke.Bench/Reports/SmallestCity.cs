namespace Zinneke.Bench.Reports;

/// <summary>One square municipality, one body, one category, one rule: what is measured is taking a report, not finding its body.</summary>
internal static class SmallestCity
{
    private static readonly (string Kind, string Text)[] Files =
    [
        ("areas", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"1","kind":"municipality","name_fr":"Carré","name_nl":"Vierkant"},"geometry":{"type":"Polygon","coordinates":[[[4.3,50.8],[4.4,50.8],[4.4,50.9],[4.3,50.9],[4.3,50.8]]]}}]}"""),
        ("bodies", """{"bodies":[{"id":"town","kind":"municipality","names":{"fr":"Ville","nl":"Stad","en":"Town","de":"Stadt"},"languages":["fr","nl"],"areas":["1"],"channels":[{"type":"inbox"}]}]}"""),
        ("categories", """{"languages":["fr","nl","en","de"],"categories":[{"code":"road","parent":null,"names":{"fr":"Voirie","nl":"Weg","en":"Road","de":"Straße"},"leaf":true,"sla":{"value":5,"unit":"workdays"},"duplicate":{"radiusM":20,"days":180},"professionalOnly":false,"open311Type":"realtime","questions":[]}]}"""),
        ("rules", """{"fallbackBody":"town","coordinatorBody":"town","toleranceM":15,"rules":[{"id":"all","order":1,"when":{},"body":"areaOwner","explain":{"fr":"Ici","nl":"Hier","en":"Here","de":"Hier"}}]}"""),
    ];

    public static async Task ImportAsync(string folder, string store)
    {
        foreach (var (kind, text) in Files)
        {
            var file = Path.Combine(folder, kind + ".json");
            await File.WriteAllTextAsync(file, text);
            using var verb = SubmissionsBench.Start(["import", kind, file, "--data", folder, "--store", store]);
            await verb.WaitForExitAsync();
            if (verb.ExitCode != 0)
            {
                throw new InvalidOperationException($"import {kind} ended with {verb.ExitCode}");
            }
        }
    }

    public static object Report(Guid clientId) => new { clientId, category = "road", lon = 4.35, lat = 50.85, description = "Trou dans la chaussée", lang = "fr" };
}
