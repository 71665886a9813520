using System.Reflection;
using System.Xml.Linq;

namespace Zinneke.House.Tests;

/// <summary>Who may know whom.</summary>
public class ReferencesTests
{
    private static IEnumerable<SourceFile> Projects => Sources.Under("src", ".csproj");

    [Fact]
    public void Every_project_knows_exactly_what_the_rules_say() =>
        Projects.SelectMany(project =>
        {
            var name = Path.GetFileNameWithoutExtension(project.Path);
            var found = Referenced(project).Order(StringComparer.Ordinal).ToList();
            return !Rules.References.TryGetValue(name, out var allowed)
                ? [$"{project} is not in the rules: say there what it may know"]
                : found.SequenceEqual(allowed.Order(StringComparer.Ordinal)) ? (IEnumerable<string>)[] : [$"{project} knows [{string.Join(", ", found)}], the rules say [{string.Join(", ", allowed)}]"];
        }).ShouldBeNone("Project references and Rules.References must be the same:");

    [Fact]
    public void Modules_know_the_kernel_the_interface_and_engines_only()
    {
        string[] modules = [.. Sources.Under("src/modules", ".csproj").Select(p => Path.GetFileNameWithoutExtension(p.Path))];
        string[] engines = [.. Sources.Under("src/engines", ".csproj").Select(p => Path.GetFileNameWithoutExtension(p.Path))];
        string[] allowed = ["Zinneke.Kernel", "Zinneke.Ui", .. engines];
        modules.SelectMany(module => Rules.References[module].Except(allowed).Select(other => $"{module} -> {other}"))
            .ShouldBeNone("A module talks to another through the kernel: a dataset, an event, an intake. It may not know:");
        engines.SelectMany(engine => Rules.References[engine].Except(engines).Select(other => $"{engine} -> {other}"))
            .ShouldBeNone("An engine is a pure library. It may not know:");
    }

    [Fact]
    public void Engines_are_pure() =>
        Sources.Under("src/engines", ".csproj").SelectMany(project =>
        {
            var xml = XDocument.Load(project.FullPath);
            var packages = xml.Descendants("PackageReference").Concat(xml.Descendants("FrameworkReference")).Select(e => (string)e.Attribute("Include")!);
            string[] impure = ["System.Net.", "Microsoft.", "System.Data."];
            var assemblies = Assembly.Load(Path.GetFileNameWithoutExtension(project.Path)).GetReferencedAssemblies()
                .Select(a => a.Name!).Where(name => impure.Any(part => name.StartsWith(part, StringComparison.Ordinal)));
            return packages.Concat(assemblies).Select(other => $"{project} uses {other}");
        }).ShouldBeNone("Engines stand on the base class library alone: no web, no database, no network, no packages.");

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = XDocument.Load(Path.Combine(Surroundings.Root, "Zinneke.slnx")).Descendants("Project").Select(p => (string)p.Attribute("Path")!).ToHashSet();
        Sources.All.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal) && !solution.Contains(file.Path)).Select(file => file.Path)
            .ShouldBeNone("Add to Zinneke.slnx:");
    }

    private static IEnumerable<string> Referenced(SourceFile project) =>
        XDocument.Load(project.FullPath).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));
}
