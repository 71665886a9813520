using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class CategorySearchTests
{
    [ReferenceTheory("reports/categories.json")]
    [InlineData("nid de poule", "road-surface-pothole")]
    [InlineData("NID-DE-POULE", "road-surface-pothole")]
    [InlineData("Schlagloch", "road-surface-pothole")]
    [InlineData("pothol", "road-surface-pothole")]
    [InlineData("potholle", "road-surface-pothole")]
    [InlineData("Schlaglcoh", "road-surface-pothole")]
    [InlineData("put in de weg", "road-surface-pothole")]
    [InlineData("corbeille debordante", "clean-bin-full")]
    [InlineData("vuilnisbak", "clean-bin-full")]
    [InlineData("overvolle vuilnisbak", "clean-bin-full")]
    [InlineData("Sperrmuell", "clean-dump-bulky")]
    [InlineData("Sperrmüll", "clean-dump-bulky")]
    [InlineData("hondenpop", "clean-street-dogs")]
    [InlineData("il y a une trotinette dans la rue", "vehicle-scooter")]
    [InlineData("huisvuil", "clean-dump-bulky")]
    [InlineData("qqqqqq", null)]
    [InlineData("  !? ", null)]
    public void The_first_hit(string typed, string? code)
    {
        var found = new CategorySearch(RoutingCity.Categories()).Find(typed);
        (found.Count == 0 ? null : found[0].Code).ShouldBe(code, string.Join(' ', found.Select(hit => hit.Code)));
    }

    [Fact]
    public void Four_letters_forgive_nothing_and_five_do()
    {
        var search = Search(("a", "lamp"), ("b", "lampe"));
        search.Find("lamq").ShouldBeEmpty();
        search.Find("lamqe").Single().Code.ShouldBe("b");
    }

    [Fact]
    public void Keywords_of_every_language_are_found_and_names_come_first()
    {
        var tree = new CategoryTree([
            Leaf("a", "Weg") with { Keywords = new Dictionary<string, IReadOnlyList<string>> { ["fr"] = ["trou béant"] } },
            Leaf("b", "Trou"),
        ]);
        new CategorySearch(tree).Find("trou").Select(hit => hit.Code).ShouldBe(["b", "a"]);
        new CategorySearch(tree).Find("beant").Single().Code.ShouldBe("a");
    }

    [Fact]
    public void Professionals_only_are_found_by_professionals_only()
    {
        var search = new CategorySearch(new CategoryTree([Leaf("a", "Trou") with { ProfessionalOnly = true }]));
        search.Find("trou").ShouldBeEmpty();
        search.Find("trou", professional: true).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("Nid-de-poule à l’ŒUVRE", "nid de poule a l oeuvre")]
    [InlineData("Straße, 12b; ÉÈÊ", "strasse 12b eee")]
    [InlineData("", "")]
    public void Folded(string text, string folded) => Folding.Fold(text).ShouldBe(folded);

    [Theory]
    [InlineData("lampe", "lampe", true)]
    [InlineData("lampe", "lamp", true)]
    [InlineData("lampe", "lampee", true)]
    [InlineData("lampe", "lanpe", true)]
    [InlineData("lampe", "lapme", true)]
    [InlineData("lampe", "lape", true)]
    [InlineData("lampe", "lap", false)]
    [InlineData("lampe", "lpame", false)]
    [InlineData("lampe", "empla", false)]
    [InlineData("aab", "aba", true)]
    public void One_edit(string a, string b, bool within)
    {
        Folding.WithinOneEdit(a, b).ShouldBe(within);
        Folding.WithinOneEdit(b, a).ShouldBe(within);
    }

    private static CategorySearch Search(params (string Code, string Name)[] leaves) => new(new CategoryTree(leaves.Select(leaf => Leaf(leaf.Code, leaf.Name))));

    private static Category Leaf(string code, string name) => new(code, null, Zinneke.Kernel.Text.Of("fr", name), true);
}
