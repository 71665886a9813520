using System.Text;
using System.Text.Json.Nodes;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

public class CategoriesFileTests
{
    [ReferenceFact("reports/categories.json")]
    public void The_reference_catalogue_is_read_and_written_to_the_same_state()
    {
        var tree = Good(File.ReadAllBytes(ReferenceData.At("reports/categories.json")));
        (tree.All.Count, tree.Leaves.Count(), tree.Leaves.Count(leaf => !leaf.ProfessionalOnly), tree.ChildrenOf(null).Count()).ShouldBe((120, 80, 79, 11));
        tree.Leaves.Count(leaf => leaf.Questions.Count > 0).ShouldBe(10);
        var hole = tree.Find("road-surface-pothole")!;
        hole.Promise!.Usual.ShouldBe(new Sla(5, SlaUnit.Workdays));
        tree.PathTo(hole).Select(node => node.Code).ShouldBe(["road", "road-surface", "road-surface-pothole"]);
        tree.BranchOf(hole).Code.ShouldBe("road-surface");
        tree.BranchOf(tree.Find("sign-vms")!).Code.ShouldBe("sign-vms", "a leaf of the second level is its own branch");
        Lines(Good(Written(tree))).ShouldBe(Lines(tree));
    }

    [Fact]
    public void Everything_a_category_can_say_survives_the_export()
    {
        var words = Zinneke.Kernel.Text.Four("a", "b", "c", "d");
        var leaf = new Category("a-b", "a", words, true)
        {
            Icon = "bin",
            Keywords = new Dictionary<string, IReadOnlyList<string>> { ["fr"] = ["poubelle"], ["nl"] = ["vuilbak", "bak"] },
            Promise = new Promise(new Sla(2, SlaUnit.Days))
            {
                ByBody = new Dictionary<string, Sla> { ["water"] = new(4, SlaUnit.Hours) },
                ByPriority = new Dictionary<Priority, Sla> { [Priority.High] = new(1, SlaUnit.Workdays) },
            },
            DuplicateRadiusMetres = 20,
            DuplicateDays = 30,
            ProfessionalOnly = true,
            Open311Type = Open311Type.Batch,
            Questions =
            [
                new Question("q", QuestionType.MultiValueList, words) { Required = true, Hint = words, Choices = [new("k", words)] },
                new Question("n", QuestionType.String, words) { Asks = false, Order = 2 },
            ],
            Notice = words,
            Safety = words,
            Deflection = new Deflection(words, Zinneke.Kernel.Text.Four("https://a.example/fr", "https://a.example/nl", "https://a.example/en", "https://a.example/de")),
            NeedsContact = true,
            Private = true,
            Priority = Priority.High,
        };
        var tree = new CategoryTree([new Category("a", null, words, false), leaf]);
        var read = Good(Written(tree));
        Lines(read).ShouldBe(Lines(tree));
        read.Find("a-b")!.Promise!.For("water", Priority.Normal, null).ShouldBe(new Sla(4, SlaUnit.Hours));
        read.Find("a-b")!.Promise!.For("water", Priority.High, null).ShouldBe(new Sla(1, SlaUnit.Workdays));
        read.Find("a-b")!.Promise!.For("road", Priority.Low, null).ShouldBe(new Sla(2, SlaUnit.Days));
        read.Find("a-b")!.Promise!.For("water", Priority.High, new Sla(9, SlaUnit.Hours)).ShouldBe(new Sla(9, SlaUnit.Hours));
    }

    // Each change makes one fault in a good file of three nodes: a > a-b > a-b-c.
    [Theory]
    [InlineData("categories[2].parent", """[2]["parent"]="z" """)]
    [InlineData("categories[0].parent", """[0]["parent"]="a-b" """)]
    [InlineData("categories[2].code", """[2]["code"]="a-b" """)]
    [InlineData("categories[1].names.de", """[1]["names"]["de"]=null """)]
    [InlineData("categories[1].names.fr", """[1]["names"]["fr"]="" """)]
    [InlineData("categories[2].sla", """[2]["sla"]=null """)]
    [InlineData("categories[2].sla.unit", """[2]["sla"]["unit"]="weeks" """)]
    [InlineData("categories[2].sla.value", """[2]["sla"]["value"]=0 """)]
    [InlineData("categories[2].leaf", """[2]["leaf"]="yes" """)]
    [InlineData("categories[1].leaf", """[2]["parent"]="a" """)]
    [InlineData("categories[2].parent", """[1]["leaf"]=true """)]
    [InlineData("categories[2].duplicate.radiusM", """[2]["duplicate"]={"radiusM":2000} """)]
    [InlineData("categories[2].questions[0].values", """[2]["questions"][0]["values"]=[] """)]
    [InlineData("categories[2].questions[0].datatype", """[2]["questions"][0]["datatype"]="colour" """)]
    [InlineData("categories[2].questions[0].text.nl", """[2]["questions"][0]["text"]={"fr":"a","en":"a","de":"a"} """)]
    [InlineData("categories[2].deflection.url", """[2]["deflection"]={"text":{"fr":"a","nl":"a","en":"a","de":"a"},"url":{"fr":"javascript:1","nl":"a","en":"a","de":"a"}} """)]
    [InlineData("categories[2].colour", """[2]["colour"]="red" """)]
    public void Each_fault_is_named(string field, string change)
    {
        var file = JsonNode.Parse("""
            {"languages":["fr","nl","en","de"],"categories":[
             {"code":"a","parent":null,"names":{"fr":"a","nl":"a","en":"a","de":"a"},"leaf":false},
             {"code":"a-b","parent":"a","names":{"fr":"a","nl":"a","en":"a","de":"a"},"leaf":false},
             {"code":"a-b-c","parent":"a-b","names":{"fr":"a","nl":"a","en":"a","de":"a"},"leaf":true,"sla":{"value":5,"unit":"workdays"},
              "questions":[{"code":"q","datatype":"singlevaluelist","text":{"fr":"a","nl":"a","en":"a","de":"a"},"values":[{"key":"k","text":{"fr":"a","nl":"a","en":"a","de":"a"}}]}]}]}
            """)!;
        Faulty(file).None.ShouldBeTrue();
        Apply(file["categories"]!, change);
        var faults = Faulty(file);
        faults.First.ShouldContain(fault => fault.Field == field, string.Join('\n', faults.First));
    }

    [Fact]
    public void A_fourth_level_is_refused()
    {
        var names = """{"fr":"a","nl":"a","en":"a","de":"a"}""";
        var file = JsonNode.Parse($$$"""
            {"categories":[{"code":"1","names":{{{names}}},"leaf":false},{"code":"2","parent":"1","names":{{{names}}},"leaf":false},
             {"code":"3","parent":"2","names":{{{names}}},"leaf":false},{"code":"4","parent":"3","names":{{{names}}},"leaf":true,"sla":{"value":1,"unit":"days"}}]}
            """)!;
        Faulty(file).First.Single().ShouldBe(new Fault(1, "categories[3].parent", "\"3\"", "at most 3 levels"));
    }

    /// <summary>Sets one member: <c>[2]["sla"]["unit"]="weeks"</c>.</summary>
    private static void Apply(JsonNode node, string change)
    {
        var (path, value) = (change[..change.IndexOf('=')], change[(change.IndexOf('=') + 1)..]);
        var steps = path.Trim('[', ']').Split("][");
        foreach (var step in steps[..^1])
        {
            node = (step[0] == '"' ? node[step.Trim('"')] : node[int.Parse(step)])!;
        }
        node[steps[^1].Trim('"')] = JsonNode.Parse(value);
    }

    private static Faults Faulty(JsonNode file)
    {
        var faults = new Faults();
        CategoriesFile.Read(JsonTree.Parse(Encoding.UTF8.GetBytes(file.ToJsonString()), faults)!, faults);
        return faults;
    }

    private static CategoryTree Good(byte[] file)
    {
        var faults = new Faults();
        var tree = CategoriesFile.Read(JsonTree.Parse(file, faults)!, faults);
        faults.First.ShouldBeEmpty();
        return tree;
    }

    private static byte[] Written(CategoryTree tree)
    {
        using var stream = new MemoryStream();
        JsonWriting.WriteAsync(stream, writer => CategoriesFile.Write(writer, tree)).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    private static IEnumerable<string> Lines(CategoryTree tree) => tree.All.Select(category => JsonWriting.Line(writer => CategoriesFile.WriteCategory(writer, category)));
}
