using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>
/// One site for the tests of reports, on a small city of our own: two square municipalities that meet at 4.35° east, the region above them, and categories that ask, that
/// need a contact, and that are for professionals alone.
/// </summary>
public sealed class TwoTowns : IAsyncLifetime
{
    public const string Collection = "two towns";

    private const string Areas = """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"id":"1","kind":"municipality","name_fr":"Ouest","name_nl":"West","name_en":"West","name_de":"West","postcodes":["1801"]},
        "geometry":{"type":"Polygon","coordinates":[[[4.30,50.80],[4.35,50.80],[4.35,50.90],[4.30,50.90],[4.30,50.80]]]}},
        {"type":"Feature","properties":{"id":"2","kind":"municipality","name_fr":"Est","name_nl":"Oost","name_en":"East","name_de":"Ost","postcodes":["1802"]},
        "geometry":{"type":"Polygon","coordinates":[[[4.35,50.80],[4.40,50.80],[4.40,50.90],[4.35,50.90],[4.35,50.80]]]}}]}
        """;

    private const string Bodies = """
        {"bodies":[
        {"id":"west","kind":"municipality","names":{"fr":"Commune d’Ouest","nl":"Gemeente West","en":"Municipality of West","de":"Gemeinde West"},"languages":["fr","nl"],"areas":["1"],"parent":"region","channels":[{"type":"inbox"}],"colour":"#b3471d","contact":{"email":"ouest@example.org","phone":"02 123 45 67","website":"https://example.org/ouest","address":{"fr":"Place du Marché 1","nl":"Marktplein 1","en":"Market Square 1","de":"Marktplatz 1"}}},
        {"id":"east","kind":"municipality","names":{"fr":"Commune d’Est","nl":"Gemeente Oost","en":"Municipality of East","de":"Gemeinde Ost"},"languages":["fr","nl"],"areas":["2"],"parent":"region","channels":[{"type":"inbox"}]},
        {"id":"region","kind":"region","names":{"fr":"La Région","nl":"Het Gewest","en":"The Region","de":"Die Region"},"languages":["fr","nl"],"channels":[{"type":"inbox"}]}]}
        """;

    private const string Categories = """
        {"languages":["fr","nl","en","de"],"categories":[
        {"code":"road","parent":null,"names":{"fr":"Voirie","nl":"Weg","en":"Road","de":"Straße"},"leaf":false},
        {"code":"road-hole","parent":"road","names":{"fr":"Trou dans la chaussée","nl":"Put in de weg","en":"Hole in the road","de":"Loch in der Straße"},"leaf":true,
        "sla":{"value":5,"unit":"workdays"},"duplicate":{"radiusM":20,"days":180},"professionalOnly":false,"open311Type":"realtime","questions":[]},
        {"code":"clean","parent":null,"names":{"fr":"Propreté","nl":"Netheid","en":"Cleanliness","de":"Sauberkeit"},"leaf":false},
        {"code":"clean-dump","parent":"clean","names":{"fr":"Dépôt clandestin","nl":"Sluikstort","en":"Illegal dump","de":"Illegale Ablagerung"},"leaf":true,
        "sla":{"value":24,"unit":"hours"},"duplicate":{"radiusM":25,"days":180},"professionalOnly":false,"open311Type":"realtime","questions":[
        {"code":"volume","datatype":"singlevaluelist","required":true,"order":1,"variable":true,"text":{"fr":"Volume","nl":"Volume","en":"Volume","de":"Menge"},"values":[
        {"key":"lt1","text":{"fr":"Moins de 1 m³","nl":"Minder dan 1 m³","en":"Less than 1 m³","de":"Weniger als 1 m³"}},
        {"key":"gt1","text":{"fr":"Plus de 1 m³","nl":"Meer dan 1 m³","en":"More than 1 m³","de":"Mehr als 1 m³"}}]},
        {"code":"pieces","datatype":"number","required":false,"order":2,"variable":true,"text":{"fr":"Combien d’objets ?","nl":"Hoeveel stuks?","en":"How many pieces?","de":"Wie viele Stücke?"}},
        {"code":"since","datatype":"datetime","required":false,"order":3,"variable":true,"text":{"fr":"Depuis quand ?","nl":"Sinds wanneer?","en":"Since when?","de":"Seit wann?"}}]},
        {"code":"clean-noise","parent":"clean","names":{"fr":"Bruit de chantier","nl":"Lawaai van een werf","en":"Noise of works","de":"Baulärm"},"leaf":true,"needsContact":true,
        "sla":{"value":2,"unit":"days"},"professionalOnly":false,"open311Type":"realtime","questions":[]},
        {"code":"clean-needles","parent":"clean","names":{"fr":"Seringues","nl":"Spuiten","en":"Needles","de":"Spritzen"},"leaf":true,
        "safety":{"fr":"N’y touchez pas. Si quelqu’un est blessé, appelez le 112.","nl":"Raak niets aan. Is er iemand gewond, bel dan 112.","en":"Do not touch them. If somebody is hurt, call 112.","de":"Nicht anfassen. Ist jemand verletzt, rufen Sie 112 an."},
        "notice":{"fr":"Une équipe formée s’en occupe.","nl":"Een opgeleide ploeg zorgt ervoor.","en":"A trained crew looks after it.","de":"Ein geschultes Team kümmert sich darum."},
        "deflection":{"text":{"fr":"Pour vos propres déchets médicaux :","nl":"Voor uw eigen medisch afval:","en":"For medical waste of your own:","de":"Für eigene medizinische Abfälle:"},
        "url":{"fr":"https://example.org/fr","nl":"https://example.org/nl","en":"https://example.org/en","de":"https://example.org/de"}},
        "sla":{"value":24,"unit":"hours"},"professionalOnly":false,"open311Type":"realtime","questions":[
        {"code":"where","datatype":"multivaluelist","required":true,"order":1,"variable":true,"text":{"fr":"Où exactement ?","nl":"Waar precies?","en":"Where exactly?","de":"Wo genau?"},"values":[
        {"key":"ground","text":{"fr":"Par terre","nl":"Op de grond","en":"On the ground","de":"Auf dem Boden"}},
        {"key":"bush","text":{"fr":"Dans un buisson","nl":"In een struik","en":"In a bush","de":"In einem Busch"}}]},
        {"code":"way","datatype":"text","required":false,"order":2,"variable":true,"text":{"fr":"Comment y arriver ?","nl":"Hoe komt men er?","en":"How does one get there?","de":"Wie kommt man hin?"}},
        {"code":"crew","datatype":"string","required":false,"order":3,"variable":false,"text":{"fr":"L’équipe passe de jour.","nl":"De ploeg komt overdag.","en":"The crew comes by day.","de":"Das Team kommt tagsüber."}}]},
        {"code":"clean-home","parent":"clean","names":{"fr":"Logement insalubre","nl":"Ongezonde woning","en":"Unhealthy home","de":"Ungesunde Wohnung"},"leaf":true,"private":true,
        "sla":{"value":5,"unit":"days"},"professionalOnly":false,"open311Type":"realtime","questions":[]},
        {"code":"road-inspection","parent":"road","names":{"fr":"Contrôle","nl":"Controle","en":"Inspection","de":"Kontrolle"},"leaf":true,
        "sla":{"value":5,"unit":"days"},"professionalOnly":true,"open311Type":"realtime","questions":[]}]}
        """;

    private const string Rules = """
        {"fallbackBody":"region","coordinatorBody":"region","toleranceM":15,"rules":[{"id":"municipality","order":1,"when":{},"body":"areaOwner",
        "explain":{"fr":"La commune s’occupe de son espace public.","nl":"De gemeente zorgt voor haar openbare ruimte.","en":"The municipality looks after its public space.","de":"Die Gemeinde kümmert sich um ihren öffentlichen Raum."}}]}
        """;

    internal TestSite Site { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Site = await TestSite.NewAsync(settings: [(KernelSettings.Quota, "off")]);
        await FoundAsync(Site);
    }

    /// <summary>The file of categories with another name for the hole in the road.</summary>
    internal static string CategoriesFile(string hole) => Categories.Replace("Trou dans la chaussée", hole, StringComparison.Ordinal);

    /// <summary>The file of rules with another body for everything.</summary>
    internal static string RulesFile(string body) => Rules.Replace("areaOwner", body, StringComparison.Ordinal);

    /// <summary>Puts the two towns on a site.</summary>
    internal static Task FoundAsync(TestSite site) => ImportAsync(site.Services, Areas, Bodies, Categories, Rules);

    public Task DisposeAsync() => Site.DisposeAsync().AsTask();

    /// <summary>Puts a city in force, as the verbs do, and waits until the site routes by it.</summary>
    internal static async Task<IReadOnlyList<ImportSummary>> ImportAsync(IServiceProvider services, string areas, string bodies, string categories, string rules)
    {
        List<ImportSummary> summaries =
        [
            await services.GetRequiredService<ImportAreas>().RunAsync(Bytes(areas), "areas", Actor.System, default),
            await services.GetRequiredService<ImportBodies>().RunAsync(Bytes(bodies), "bodies", Actor.System, default),
            await services.GetRequiredService<ImportCategories>().RunAsync(Bytes(categories), "categories", Actor.System, default),
            await services.GetRequiredService<ImportRules>().RunAsync(Bytes(rules), "rules", Actor.System, default),
        ];
        summaries.SelectMany(s => s.Refusals).ShouldBeEmpty();
        await services.GetRequiredService<FollowerRunner>().CaughtUpAsync(default);
        return summaries;
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}

[CollectionDefinition(TwoTowns.Collection)]
public sealed class TwoTownsCollection : ICollectionFixture<TwoTowns>;
