using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Kernel;

/// <summary>Settings and where they come from: kernel.md K4, K33.</summary>
public sealed class SettingsTests : IDisposable
{
    private static readonly Setting<int> Speed = Setting.Number("crew.speedKmh", "Speed of a crew.", 30, 1, 90);
    private static readonly Dictionary<string, string> Nothing = [];
    private readonly string folder = Directory.CreateTempSubdirectory("zinneke-settings-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Names_become_options_and_variables()
    {
        KernelSettings.TimeZone.Option.ShouldBe("--time-zone");
        KernelSettings.TimeZone.Variable.ShouldBe("ZINNEKE_TIME_ZONE");
        Speed.Option.ShouldBe("--crew-speed-kmh");
        Speed.Variable.ShouldBe("ZINNEKE_CREW_SPEED_KMH");
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_which_wins_over_the_file_which_wins_over_the_default()
    {
        var yaml = Yaml("data: from-file\nrole: worker\nquota: off\ncrew:\n  speedKmh: 40\n");
        var settings = Read(new() { ["data"] = "from-option" }, new() { ["ZINNEKE_DATA"] = "from-variable", ["ZINNEKE_ROLE"] = "web", ["PATH"] = "/bin" }, yaml);
        settings.Get(KernelSettings.Data).ShouldBe("from-option");
        settings.Get(KernelSettings.Role).ShouldBe("web");
        settings.Get(KernelSettings.Quota).ShouldBeFalse();
        settings.Get(Speed).ShouldBe(40);
        settings.Get(KernelSettings.Store).ShouldBe("sqlite");
        Source(settings, "data").ShouldBe("option --data");
        Source(settings, "role").ShouldBe("environment variable ZINNEKE_ROLE");
        Source(settings, "quota").ShouldBe("zinneke.yaml line 3");
        Source(settings, "crew.speedKmh").ShouldBe("zinneke.yaml line 5");
        Source(settings, "store").ShouldBe("default");
    }

    [Fact]
    public void The_file_holds_lists_and_words_per_language()
    {
        var settings = Read([], [], Yaml("urls: [http://localhost:1, http://localhost:2]\nregionName:\n  fr: Bruxelles\n  nl: Brussel\n"));
        settings.Get(KernelSettings.Urls).ShouldBe(["http://localhost:1", "http://localhost:2"]);
        settings.Get(KernelSettings.RegionName).Exactly("nl").ShouldBe("Brussel");
    }

    [Theory]
    [InlineData("colour: blue", "unknown setting colour (zinneke.yaml line 1)")]
    [InlineData("role: boss", "setting role (zinneke.yaml line 1): found boss, expected one of all, web, worker")]
    [InlineData("demo: true\ncrew: {speedKmh: 91}", "setting crew.speedKmh (zinneke.yaml line 2): found 91, expected a whole number from 1 to 90")]
    [InlineData("timeZone: Europe/Bruxelles", "setting timeZone (zinneke.yaml line 1): found Europe/Bruxelles, expected a time zone such as Europe/Brussels")]
    [InlineData("clock: 2026-05-04T12:00:00", "setting clock (zinneke.yaml line 1): found 2026-05-04T12:00:00, expected an instant with its zone such as 2026-05-04T12:00:00Z")]
    [InlineData("store: mysql", "setting store (zinneke.yaml line 1): found a value that is not shown, expected sqlite, or postgres:\"Host=…;Database=…\"")]
    [InlineData("broker: http://mq.example", "setting broker (zinneke.yaml line 1): found a value that is not shown, expected an address such as amqp://user:password@host:5672/vhost, or amqps://…")]
    [InlineData("- a list", "zinneke.yaml line 1: expected settings as name: value")]
    public void What_is_unknown_or_malformed_is_named(string yaml, string message) =>
        Should.Throw<BadInputException>(() => Read([], [], Yaml(yaml))).Message.ShouldBe(message);

    [Fact]
    public void A_broken_file_is_named_with_its_line() =>
        Should.Throw<BadInputException>(() => Read([], [], Yaml("role: all\nurls: [1, 2\n"))).Message.ShouldStartWith("zinneke.yaml line ");

    [Fact]
    public void An_unknown_variable_stops_the_start_but_tests_have_their_own()
    {
        Read([], new() { ["ZINNEKE_TEST_POSTGRES"] = "x", ["ZINNEKE_CLOCK"] = "2026-05-04T12:00:00Z", ["ZINNEKE_REFERENCE"] = "/data" }, null);
        Should.Throw<BadInputException>(() => Read([], new() { ["ZINNEKE_DATAS"] = "x" }, null)).Message.ShouldBe("unknown setting: environment variable ZINNEKE_DATAS");
    }

    [Theory]
    [InlineData("store", "sqlite", "sqlite")]
    [InlineData("store", "postgres:Host=db;Username=u;Password=hush;SSL Password=hush", "postgres:Host=db;Username=u;Password=***;SSL Password=***")]
    [InlineData("store", "postgres:Host=db;Pwd=hush", "postgres:Host=db;Password=***")]
    [InlineData("store", "postgres:Host=db;PSW='hu;sh=hush'", "postgres:Host=db;Password=***")]
    [InlineData("store", "postgres:Host=db;Unheard=hush", "postgres:***")]
    [InlineData("mail.smtp", "smtp://user:h%75sh@mail.example:587", "smtp://***@mail.example:587")]
    [InlineData("mail.smtp", "smtp://user:hüsh%2Fhush@mail.example:25?tls=off", "smtp://***@mail.example:25?tls=off")]
    [InlineData("mail.smtp", "smtp://mail.example:25?tls=off", "smtp://mail.example:25?tls=off")]
    [InlineData("broker", "amqps://user:hush@mq.example:5671/city", "amqps://***@mq.example:5671/city")]
    [InlineData("broker", "amqp://mq.example", "amqp://mq.example")]
    public void Secrets_are_masked(string name, string value, string shown) =>
        ((Setting[])[KernelSettings.Store, MailSettings.Smtp, KernelSettings.Broker]).Single(setting => setting.Name == name).Mask!(value).ShouldBe(shown);

    [Fact]
    public void What_nothing_uses_yet_is_said_at_the_start()
    {
        KernelSettings.NotesOfUnused(Read([], [], null)).ShouldBeEmpty();
        var folder = Directory.GetCurrentDirectory();
        var notes = KernelSettings.NotesOfUnused(Read(new() { ["broker"] = "amqp://user:hush@mq.example:5672", ["anonymousWrites"] = "ngsi-ld,sta", ["ngsiLdContexts"] = folder }, [], null));
        notes.Select(note => note.Split(' ')[0]).ShouldBe(["--broker", "--anonymous-writes", "--ngsi-ld-contexts"]);
        notes.ShouldAllBe(note => !note.Contains("hush", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("anonymousWrites", "ngsi-ld,open311")]
    [InlineData("anonymousWrites", "sta,sta")]
    [InlineData("ngsiLdContexts", "/nowhere/at/all")]
    [InlineData("ngsiLdContexts", "")]
    public void A_root_or_a_folder_that_does_not_exist_stops_the_start(string name, string value) =>
        Should.Throw<BadInputException>(() => Read(new() { [name] = value }, [], null)).Message.ShouldContain($"setting {name}");

    [Theory]
    [InlineData("https://tiles.example/style.json?key=1", true)]
    [InlineData("http://127.0.0.1:8081/style.json", true)]
    [InlineData("http://tiles.example/style.json", false)]
    [InlineData("https://user:hush@tiles.example/style.json", false)]
    [InlineData("style.json", false)]
    public void A_map_style_comes_over_a_safe_way(string address, bool good)
    {
        Settings Try() => Read(new() { ["mapStyle"] = address }, [], null);
        if (good)
        {
            Try().Get(KernelSettings.MapStyle).ShouldBe(new Uri(address));
        }
        else
        {
            Should.Throw<BadInputException>(Try);
        }
    }

    [Theory]
    [InlineData("http://localhost:1,http://127.0.0.1:2,http://[::1]:3", true)]
    [InlineData("http://localhost:1,http://0.0.0.0:2", false)]
    [InlineData("http://*:80", false)]
    [InlineData("http://+:80", false)]
    [InlineData("http://localhost.example:80", false)]
    public void What_is_for_tests_needs_loopback_addresses(string urls, bool allowed)
    {
        foreach (var (name, value) in new[] { ("quota", "off"), ("anonymousWrites", "sta"), ("clock", "2026-05-04T12:00:00Z") })
        {
            var settings = Read(new() { ["urls"] = urls, [name] = value }, [], null);
            if (allowed)
            {
                KernelSettings.CheckLoopbackOnly(settings).Count.ShouldBe(1);
            }
            else
            {
                Should.Throw<BadInputException>(() => KernelSettings.CheckLoopbackOnly(settings)).Message.ShouldContain(name);
            }
        }
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080", "", "", "http://localhost:8080/")]
    [InlineData("http://localhost:8080", "127.0.0.1", "", "http://localhost:8080/")]
    [InlineData("http://192.0.2.7:80", "", "", "http://192.0.2.7/")]
    [InlineData("http://localhost:8080", "", "", null)]
    [InlineData("http://*:8080", "10.0.0.0/8", "https://city.example", null)]
    public void Who_serves_others_is_told_when_links_would_lead_nowhere(string urls, string proxies, string publicUrl, string? root)
    {
        var settings = Read(new[] { ("urls", urls), ("proxies", proxies), ("publicUrl", publicUrl) }.Where(one => one.Item2.Length > 0).ToDictionary(one => one.Item1, one => one.Item2), [], null);
        var doubt = SiteAddress.Doubt(settings);
        if (root is null)
        {
            doubt.ShouldBeNull();
        }
        else
        {
            doubt.ShouldNotBeNull().ShouldStartWith($"setting publicUrl is missing: links in mails, feeds and pages begin with {root}, and mail comes from ");
        }
    }

    [Fact]
    public void The_clock_starts_at_its_instant_and_runs_on()
    {
        var system = new ManualClock();
        var clock = new RunningClock(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), system);
        clock.GetUtcNow().ShouldBe(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        system.Advance(TimeSpan.FromMinutes(3));
        clock.GetUtcNow().ShouldBe(new DateTimeOffset(2030, 1, 1, 0, 3, 0, TimeSpan.Zero));
    }

    [Fact]
    public void A_folder_has_one_server_and_secrets_that_only_its_owner_reads()
    {
        var data = new DataFolder(Path.Combine(folder, "var"));
        using (data.Take())
        {
            Should.Throw<BadInputException>(() => new DataFolder(data.Root).Take()).Message.ShouldContain("in use by another server");
        }
        data.Take().Dispose();
        var made = data.Key("secret", () => [1, 2, 3]);
        data.Key("secret", () => [9]).ShouldBe(made);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.GetUnixFileMode(data.Root).ShouldBe(owner | UnixFileMode.UserExecute);
            File.GetUnixFileMode(data.Keys).ShouldBe(owner | UnixFileMode.UserExecute);
            foreach (var secret in Directory.GetFiles(data.Keys))
            {
                File.GetUnixFileMode(secret).ShouldBe(owner, secret);
            }
        }
    }

    private string Yaml(string text)
    {
        var path = Path.Combine(folder, "zinneke.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    private static Settings Read(Dictionary<string, string> options, Dictionary<string, string> variables, string? yaml) =>
        Settings.Read([.. KernelSettings.All, Speed], options, variables.Count == 0 ? Nothing : variables, yaml);

    private static string Source(Settings settings, string name) => settings.All.Single(entry => entry.Setting.Name == name).Source;
}
