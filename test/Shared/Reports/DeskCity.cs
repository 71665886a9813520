using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>
/// A small city for the desk: two square communes side by side below a region, and a water company beside them. Roads belong to the commune, waste to the region,
/// gullies to the water company.
/// </summary>
internal sealed class DeskCity(IServiceProvider services)
{
    public const string West = "west", East = "east", Region = "region", Water = "water";

    public const string Areas = """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"id":"1","kind":"municipality","name_fr":"Ouest","name_nl":"West","name_en":"West","name_de":"West"},"geometry":{"type":"Polygon","coordinates":[[[4.30,50.80],[4.40,50.80],[4.40,50.90],[4.30,50.90],[4.30,50.80]]]}},
        {"type":"Feature","properties":{"id":"2","kind":"municipality","name_fr":"Est","name_nl":"Oost","name_en":"East","name_de":"Ost"},"geometry":{"type":"Polygon","coordinates":[[[4.40,50.80],[4.50,50.80],[4.50,50.90],[4.40,50.90],[4.40,50.80]]]}}]}
        """;

    public const string Bodies = """
        {"bodies":[
        {"id":"west","kind":"municipality","names":{"fr":"Commune d’Ouest","nl":"Gemeente West","en":"Town of West","de":"Gemeinde West"},"languages":["fr","nl"],"areas":["1"],"parent":"region","channels":[{"type":"inbox"}]},
        {"id":"east","kind":"municipality","names":{"fr":"Commune d’Est","nl":"Gemeente Oost","en":"Town of East","de":"Gemeinde Ost"},"languages":["fr","nl"],"areas":["2"],"parent":"region","channels":[{"type":"inbox"}]},
        {"id":"region","kind":"region","names":{"fr":"Région","nl":"Gewest","en":"Region","de":"Region"},"languages":["fr","nl"],"channels":[{"type":"inbox"}]},
        {"id":"water","kind":"operator","names":{"fr":"Eaux","nl":"Water","en":"Water","de":"Wasser"},"languages":["fr","nl"],"channels":[{"type":"inbox"}]}]}
        """;

    public const string Categories = """
        {"languages":["fr","nl","en","de"],"categories":[
        {"code":"road","parent":null,"names":{"fr":"Voirie","nl":"Weg","en":"Road","de":"Straße"},"leaf":false},
        {"code":"road-hole","parent":"road","names":{"fr":"Trou","nl":"Put","en":"Hole","de":"Loch"},"leaf":true,"sla":{"value":5,"unit":"workdays"},"duplicate":{"radiusM":20,"days":180},"professionalOnly":false,"open311Type":"realtime","questions":[]},
        {"code":"road-gully","parent":"road","names":{"fr":"Avaloir","nl":"Straatkolk","en":"Gully","de":"Gully"},"leaf":true,"sla":{"value":5,"unit":"workdays"},"duplicate":{"radiusM":20,"days":180},"professionalOnly":false,"open311Type":"realtime","questions":[]},
        {"code":"waste","parent":null,"names":{"fr":"Propreté","nl":"Netheid","en":"Cleanliness","de":"Sauberkeit"},"leaf":false},
        {"code":"waste-dump","parent":"waste","names":{"fr":"Dépôt clandestin","nl":"Sluikstort","en":"Illegal dump","de":"Wilder Müll"},"leaf":true,"sla":{"value":24,"unit":"hours"},"duplicate":{"radiusM":20,"days":180},"professionalOnly":false,"open311Type":"realtime","questions":[]}]}
        """;

    public const string Rules = """
        {"fallbackBody":"region","coordinatorBody":"region","toleranceM":15,"rules":[
        {"id":"waste","order":1,"when":{"categories":["waste"]},"body":"region","explain":{"fr":"La Région enlève les dépôts.","nl":"Het Gewest ruimt op.","en":"The Region clears dumps.","de":"Die Region räumt auf."}},
        {"id":"gully","order":2,"when":{"categories":["road-gully"]},"body":"water","explain":{"fr":"Les avaloirs sont au distributeur.","nl":"Straatkolken zijn van Water.","en":"Gullies belong to Water.","de":"Gullys gehören dem Wasser."}},
        {"id":"rest","order":9,"when":{},"body":"areaOwner","explain":{"fr":"C’est une voirie communale.","nl":"Het is een gemeenteweg.","en":"It is a municipal road.","de":"Es ist eine Gemeindestraße."}}]}
        """;

    public IServiceProvider Services => services;

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public static async Task<DeskCity> FoundAsync(IServiceProvider services)
    {
        var city = new DeskCity(services);
        (await city.Get<ImportAreas>().RunAsync(Stream(Areas), "areas", Actor.System, default)).Refused.ShouldBe(0);
        (await city.Get<ImportBodies>().RunAsync(Stream(Bodies), "bodies", Actor.System, default)).Refused.ShouldBe(0);
        (await city.Get<ImportCategories>().RunAsync(Stream(Categories), "categories", Actor.System, default)).Refusals.ShouldBeEmpty();
        (await city.Get<ImportRules>().RunAsync(Stream(Rules), "rules", Actor.System, default)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        return city;
    }

    /// <summary>What is kept in memory, read anew without waiting for the followers.</summary>
    public async Task ReloadAsync()
    {
        await using var store = Get<Database>().Open();
        foreach (var follower in services.GetServices<MemoryFollower>())
        {
            await follower.LoadAsync(store, default);
        }
    }

    /// <summary>An administrator says in the register that an algorithm is no longer in use.</summary>
    public async Task RetireAsync(Algorithm algorithm)
    {
        var file = Stream($$"""{"algorithms":[{"key":"{{algorithm.Key}}","status":"retired","endDate":"2026-05"}]}""");
        (await Get<ImportAlgorithms>().RunAsync(file, "algorithms", Actor.System, default)).Refusals.ShouldBeEmpty();
        await ReloadAsync();
    }

    /// <summary>A hole in the road of West unless said otherwise; in East with a longitude above 4.4, nowhere without one.</summary>
    public async Task<string> FileAsync(string category = "road-hole", double? lon = 4.35, string words = "Un trou dans la chaussée", string? email = null, string lang = "fr", bool subscribe = false, SentFrom? from = null)
    {
        var sent = new NewReport
        {
            ClientId = Get<Ids>().Next(), Category = category, Lon = lon, Lat = lon is null ? null : 50.85, Description = words, Lang = lang, Address = "Rue du Canal 12",
            Contact = email is null ? null : new NewContact { Email = email, Name = "Ada" }, Subscribe = subscribe,
        };
        var filed = await Get<FileReport>().RunAsync(sent, [], new Sender(Actor.Anonymous, null, false) { From = from }, Get<Writer>().DoAsync, default);
        await using var store = Get<Database>().Open();
        return (await ReadReport.FindAsync(store, filed.Value.Id.ToString(), false, default))!.Number;
    }

    /// <summary>Does an action as somebody, and expects it to be done.</summary>
    public async Task ActAsync(string number, string action, Caller by, ActionRequest? request = null)
    {
        var outcome = await Get<ActOnReport>().RunAsync(number, action, request ?? new ActionRequest(), new Acting(by, false), Get<Writer>().DoAsync, default);
        outcome.Refusal.ShouldBeNull();
    }

    /// <summary>A colleague with a role, signed in.</summary>
    /// <returns>Value of the session cookie.</returns>
    public async Task<string> SignInAsync(string role, string? body, string[]? categories = null, string[]? areas = null, string? name = null)
    {
        name ??= $"{role}-{body}";
        var token = "";
        var given = await Get<Accounts>().GiveRoleAsync(Caller.Program(), $"{name}@example.org", name, new WantedRole(role, body, categories ?? [], areas ?? []), (unit, account) =>
        {
            token = SignIn.NewLinkFor(unit, account);
            return Task.CompletedTask;
        });
        given.Refusal.ShouldBeNull();
        return (await Get<SignIn>().UseAsync(token, "test", null)).Value.Cookie;
    }

    public async Task<Caller> CallerAsync(string role, string? body, string[]? categories = null, string[]? areas = null, string? name = null) =>
        (await Get<Callers>().OfSessionAsync(await SignInAsync(role, body, categories, areas, name), "fr"))!;

    public static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
