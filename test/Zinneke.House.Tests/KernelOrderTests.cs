using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Zinneke.House.Tests;

/// <summary>The kernel's folders stand in an order, and each uses only those before it, so that the kernel does not become one ball.</summary>
public class KernelOrderTests
{
    private const string Kernel = "src/Zinneke.Kernel";

    [Fact]
    public void Every_folder_has_its_place() =>
        Sources.FoldersIn(Kernel).Except(["Migrations", .. Rules.KernelOrder])
            .Select(folder => $"{Kernel}/{folder}")
            .ShouldBeNone("Give these folders their place in Rules.KernelOrder:");

    [Fact]
    public void A_folder_uses_only_earlier_folders()
    {
        var compilation = Compile();
        compilation.SyntaxTrees.SelectMany(tree => LaterUses(compilation, tree))
            .ShouldBeNone($"A folder of the kernel uses only types of earlier folders ({string.Join(" ", Rules.KernelOrder)}). Move the type, or turn the dependency round:");
    }

    private static IEnumerable<string> LaterUses(CSharpCompilation compilation, SyntaxTree tree)
    {
        var model = compilation.GetSemanticModel(tree);
        var here = PlaceOf(tree.FilePath);
        foreach (var name in tree.GetRoot().DescendantNodes(descendIntoTrivia: false).OfType<SimpleNameSyntax>())
        {
            var symbol = model.GetSymbolInfo(name).Symbol;
            var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
            var declared = type?.OriginalDefinition.Locations.Where(l => l.SourceTree is not null).Select(l => PlaceOf(l.SourceTree!.FilePath)).ToList() ?? [];
            if (declared.Count > 0 && declared.Min() > here)
            {
                yield return $"{tree.FilePath}:{name.GetLocation().GetLineSpan().StartLinePosition.Line + 1} uses {type!.Name} of {Rules.KernelOrder[declared.Min()]}";
            }
        }
    }

    private static int PlaceOf(string path) => Array.IndexOf(Rules.KernelOrder, path[(Kernel.Length + 1)..].Split('/')[0]);

    /// <summary>The kernel as the compiler sees it, without what source generators add.</summary>
    private static CSharpCompilation Compile()
    {
        const string implicitUsings = """
            global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
            global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
            """;
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != "Zinneke.Kernel.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        var trees = Sources.CSharp(Kernel).Select(file => file.Tree).Append(CSharpSyntaxTree.ParseText(implicitUsings, path: $"{Kernel}/{Rules.KernelOrder[0]}/Usings.cs"));
        var compilation = CSharpCompilation.Create("Zinneke.Kernel", trees, platform, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        compilation.GetTypeByMetadataName("Microsoft.EntityFrameworkCore.DbContext").ShouldNotBeNull("the kernel's references were not found, so this rule would see nothing");
        return compilation;
    }
}
