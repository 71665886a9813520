using System.Text.RegularExpressions;

namespace Zinneke.House.Tests;

/// <summary>Nothing half done, and nothing that belongs to somebody's own machine.</summary>
public partial class LeftoversTests
{
    private const string Self = "test/Zinneke.House.Tests/LeftoversTests.cs";

    [Fact]
    public void Nothing_is_left_for_later_without_its_issue() =>
        Lines().Where(line => Later().IsMatch(line.Text) && !Issue().IsMatch(line.Text)).Select(Tell)
            .ShouldBeNone("Do it now, or open an issue and name it (#123):");

    [Fact]
    public void Nothing_is_a_stand_in() =>
        Lines().Where(line => StandIn().IsMatch(line.Text)).Select(Tell)
            .ShouldBeNone("A function is there or it is not:");

    [Fact]
    public void No_path_of_one_machine() =>
        Lines().Where(line => OwnPath().IsMatch(line.Text)).Select(Tell)
            .ShouldBeNone("These paths exist on one machine only:");

    [Fact]
    public void The_root_holds_what_a_newcomer_needs() =>
        Sources.All.Where(file => !file.Path.Contains('/', StringComparison.Ordinal) && file.Name != "zinneke.yaml").Select(file => file.Path).Except(Rules.RootFiles)
            .ShouldBeNone("Not in the root of the checkout (or list it in Rules.RootFiles):");

    [Fact]
    public void The_clock_and_chance_are_not_smuggled_in() =>
        Sources.CSharp("src").SelectMany(file => file.Lines.Where(line => line.Contains("RS0030", StringComparison.Ordinal)).Select(_ => file.Path))
            .Except(["src/Zinneke.Kernel/Time/Ids.cs"]) // the one source of ids and of seeded chance
            .ShouldBeNone("Banned symbols are banned; take TimeProvider, Ids or a seeded Random as a parameter:");

    [Fact]
    public void Banned_symbols_are_checked_in_every_project_of_the_program()
    {
        var props = File.ReadAllText(Path.Combine(Surroundings.Root, "Directory.Build.props"));
        props.ShouldContain("BannedApiAnalyzers");
        props.ShouldContain("BannedSymbols.txt");
        var banned = File.ReadAllText(Path.Combine(Surroundings.Root, "BannedSymbols.txt"));
        foreach (var symbol in (string[])["System.DateTime.Now", "System.DateTime.UtcNow", "System.DateTimeOffset.UtcNow", "System.Random.#ctor", "System.Guid.NewGuid", "System.Threading.Tasks.Task.Wait"])
        {
            banned.ShouldContain(symbol);
        }
    }

    private static IEnumerable<(string Where, string Text)> Lines() =>
        Sources.All.Where(file => file.IsText && file.Path != Self && file.Name is not "LICENSE" and not "package-lock.json" and not "packages.lock.json")
            .SelectMany(file => file.Lines.Select((text, index) => ($"{file}:{index + 1}", text)));

    private static string Tell((string Where, string Text) line) => $"{line.Where}: {line.Text.Trim()}";

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Later();

    [GeneratedRegex(@"#\d+")]
    private static partial Regex Issue();

    [GeneratedRegex(@"NotImplementedException|coming soon|lorem ipsum|placeholder text|Assert\.True\(true", RegexOptions.IgnoreCase)]
    private static partial Regex StandIn();

    [GeneratedRegex(@"(?<![\w.])/(work|root|home/\w+|Users/\w+)/|[A-Z]:\\Users\\")]
    private static partial Regex OwnPath();
}
