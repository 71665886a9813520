using System.Text;
using Zinneke.Kernel;

namespace Zinneke.Testing.Kernel;

public class BodiesFileTests
{
    [ReferenceFact("reports/bodies.json")]
    public void The_reference_bodies_are_read_and_written_to_the_same_state()
    {
        var bodies = Good(File.ReadAllBytes(ReferenceData.At("reports/bodies.json")));
        bodies.Count.ShouldBe(28);
        var water = bodies.Single(body => body.Id == "water");
        (water.Kind, water.Parent, water.Names.In("nl"), water.AcceptanceWorkDays, water.Active).ShouldBe((BodyKind.Operator, null, "Vivaqua", 2, true));
        bodies.Single(body => body.Id == "c21009").Areas.ShouldBe(["21009"]);
        Lines(Good(Written(bodies))).ShouldBe(Lines(bodies));
    }

    [Theory]
    [InlineData("https://works.example.org/photos/1.jpg", true)]
    [InlineData("https://WORKS.example.org:443/", true)]
    [InlineData("https://works.example.org:8443/", false)]
    [InlineData("http://works.example.org/", false)]
    [InlineData("https://other.example.org/", false)]
    public void At_home_is_the_same_server_of_a_channel_that_may_be_private(string address, bool home)
    {
        var body = new Body("b", BodyKind.Operator, Zinneke.Kernel.Text.Empty) { Channels = [new InboxChannel(), new WebhookChannel("https://works.example.org/zinneke", []) { AllowPrivate = true }, new WebhookChannel("https://other.example.org/", [])] };
        body.IsAtHome(new Uri(address)).ShouldBe(home);
    }

    [Fact]
    public void Everything_a_body_can_say_survives_the_export()
    {
        var body = new Body("b", BodyKind.Department, Zinneke.Kernel.Text.Four("a", "b", "c", "d"))
        {
            Languages = ["fr", "nl"],
            Areas = ["21001"],
            Channels = [new InboxChannel(), new EmailChannel("road@example.org", true)],
            Colour = "#1f6f8b",
            Logo = new string('a', 64),
            Contact = new BodyContact("info@example.org", "02 123 45 67", "https://example.org/", Zinneke.Kernel.Text.Four("Place 1", "Plein 1", "Square 1", "Platz 1")),
            OpeningDays = [DayOfWeek.Monday, DayOfWeek.Saturday],
            ClosingDays = [new DateOnly(2026, 7, 20)],
            AcceptanceWorkDays = 3,
            Active = false,
        };
        var read = Good(Written([body])).Single();
        Lines([read]).ShouldBe(Lines([body]));
        read.Channels.ShouldBe(body.Channels);
        read.Calendar(TimeZoneInfo.Utc).IsWorkDay(new DateOnly(2026, 7, 18)).ShouldBeTrue("it works on Saturdays");
        read.Calendar(TimeZoneInfo.Utc).IsWorkDay(new DateOnly(2026, 7, 20)).ShouldBeFalse();
    }

    [Fact]
    public void An_endpoint_of_open311_survives_the_export_with_its_key()
    {
        const string channel = """{"type":"open311","url":"https://geo.example.org/v2","apiKey":"k1","jurisdictionId":"a.example","serviceMap":{"road":"RD","road-hole":"POT"},"attributeMap":{"volume":"VOL"},"format":"xml","pollSeconds":60,"updates":true,"photos":"none","allowPrivate":true,"contact":true}""";
        var bodies = Good(Encoding.UTF8.GetBytes(Complete($$"""{"id":"a","channels":[{{channel}}]}""")));
        Lines(bodies).Single().ShouldContain(channel);
        var plain = (Open311Channel)Good(Encoding.UTF8.GetBytes(Complete("""{"id":"a","channels":[{"type":"open311","url":"https://geo.example.org/v2/","serviceMap":{"road":"RD"}}]}"""))).Single().Channels.Single();
        (plain.Url, plain.ApiKey, plain.Xml, plain.PollSeconds, plain.Updates, plain.Photos, plain.AllowPrivate, plain.Contact).ShouldBe(("https://geo.example.org/v2", null, false, 300, false, true, false, false));
    }

    [Theory]
    [InlineData("""{"id":"a","channels":[{"type":"open311","url":"ftp://a","serviceMap":{"b":"c"}}]}""", "bodies[0].channels[0].url")]
    [InlineData("""{"id":"a","channels":[{"type":"open311","url":"https://a.example/?key=1","serviceMap":{"b":"c"}}]}""", "bodies[0].channels[0].url")]
    [InlineData("""{"id":"a","channels":[{"type":"open311","url":"https://a.example"}]}""", "bodies[0].channels[0].serviceMap")]
    [InlineData("""{"id":"a","channels":[{"type":"open311","url":"https://a.example","serviceMap":{"b":"c"},"pollSeconds":1}]}""", "bodies[0].channels[0].pollSeconds")]
    [InlineData("""{"id":"a","parent":"z"}""", "bodies[0].parent")]
    [InlineData("""{"id":"a","parent":"a"}""", "bodies[0].parent")]
    [InlineData("""{"id":"a","parent":"b"},{"id":"b","parent":"a"}""", "bodies[0].parent")]
    [InlineData("""{"id":"a"},{"id":"a"}""", "bodies[1].id")]
    [InlineData("""{"id":"a","areas":["1"]},{"id":"b","areas":["1"]}""", "bodies[1].areas")]
    [InlineData("""{"id":"a","channels":[{"type":"fax"}]}""", "bodies[0].channels[0].type")]
    [InlineData("""{"id":"a","channels":[{"type":"email","address":"nobody"}]}""", "bodies[0].channels[0].address")]
    [InlineData("""{"id":"a","channels":[]}""", "bodies[0].channels")]
    [InlineData("""{"id":"a","languages":["it"]}""", "bodies[0].languages")]
    [InlineData("""{"id":"a","colour":"red"}""", "bodies[0].colour")]
    [InlineData("""{"id":"a","colour":"#ffd23f"}""", "bodies[0].colour")]
    [InlineData("""{"id":"a","logo":"b.svg"}""", "bodies[0].logo")]
    [InlineData("""{"id":"a","logo":"data:image/png;base64,%%%"}""", "bodies[0].logo")]
    [InlineData("""{"id":"a","contact":{"email":"nobody"}}""", "bodies[0].contact.email")]
    [InlineData("""{"id":"a","contact":{"phone":"call me"}}""", "bodies[0].contact.phone")]
    [InlineData("""{"id":"a","contact":{"website":"javascript:alert(1)"}}""", "bodies[0].contact.website")]
    [InlineData("""{"id":"a","contact":{"fax":"1"}}""", "bodies[0].contact.fax")]
    [InlineData("""{"id":"a","kind":"club"}""", "bodies[0].kind")]
    [InlineData("""{"id":"a","names":{"fr":"a","nl":"a","en":"a"}}""", "bodies[0].names.de")]
    [InlineData("""{"id":"a","openingDays":["Montag"]}""", "bodies[0].openingDays")]
    public void Each_fault_is_named(string bodies, string field)
    {
        var faults = new Faults();
        BodiesFile.Read(JsonTree.Parse(Encoding.UTF8.GetBytes(Complete(bodies)), faults)!, faults);
        faults.First.ShouldContain(fault => fault.Field == field, string.Join('\n', faults.First));
        faults.Count.ShouldBeLessThanOrEqualTo(2);
    }

    private static string Complete(string bodies)
    {
        var filled = System.Text.Json.Nodes.JsonNode.Parse($"[{bodies}]")!.AsArray();
        foreach (var body in filled)
        {
            body!["kind"] ??= "operator";
            body["names"] ??= System.Text.Json.Nodes.JsonNode.Parse("""{"fr":"a","nl":"a","en":"a","de":"a"}""");
            body["languages"] ??= System.Text.Json.Nodes.JsonNode.Parse("""["fr"]""");
            body["channels"] ??= System.Text.Json.Nodes.JsonNode.Parse("""[{"type":"inbox"}]""");
        }
        return $$"""{"bodies":{{filled.ToJsonString()}}}""";
    }

    private static IReadOnlyList<Body> Good(byte[] file)
    {
        var faults = new Faults();
        var bodies = BodiesFile.Read(JsonTree.Parse(file, faults)!, faults);
        faults.First.ShouldBeEmpty();
        return bodies;
    }

    private static byte[] Written(IEnumerable<Body> bodies)
    {
        using var stream = new MemoryStream();
        JsonWriting.WriteAsync(stream, writer => BodiesFile.Write(writer, bodies)).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    private static IEnumerable<string> Lines(IEnumerable<Body> bodies) => bodies.Select(body => JsonWriting.Line(writer => BodiesFile.WriteBody(writer, body)));
}
