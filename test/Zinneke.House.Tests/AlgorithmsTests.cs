using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Zinneke.Kernel;

namespace Zinneke.House.Tests;

/// <summary>No automated decision runs unregistered (strategy.md R3): a declared function is called inside the gate only, or by another part of itself.</summary>
public class AlgorithmsTests
{
    [Fact]
    public void A_declared_function_is_called_through_the_gate()
    {
        var compilation = Compile();
        var names = compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()).Where(IsDeclared).Select(method => method.Identifier.Text).ToHashSet();
        var calls = compilation.SyntaxTrees.SelectMany(tree => CallsIn(compilation, tree, names)).ToList();
        calls.Count.ShouldBeGreaterThan(3, "the calls of the router were not found, so this rule would see nothing");
        calls.Where(call => !call.Guarded && !Rules.TriedWithoutGate.Contains(call.File)).Select(call => call.What)
            .ShouldBeNone("Call it inside AlgorithmGate.Run or .Try (or list the file in Rules.TriedWithoutGate and say why nobody's request hangs on it):");
        Rules.TriedWithoutGate.Where(file => !calls.Exists(call => call.File == file && !call.Guarded)).ShouldBeNone("These no longer call one; take them out of Rules.TriedWithoutGate:");
    }

    private static IEnumerable<(string File, string What, bool Guarded)> CallsIn(CSharpCompilation compilation, SyntaxTree tree, HashSet<string> names)
    {
        var model = compilation.GetSemanticModel(tree);
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>().Where(name => names.Contains(name.Identifier.Text)))
        {
            if (model.GetSymbolInfo(name).Symbol is IMethodSymbol method && DeclaredAs(method) is { } algorithm)
            {
                yield return (tree.FilePath, $"{tree.FilePath}:{name.GetLocation().GetLineSpan().StartLinePosition.Line + 1} calls {method.Name} ({algorithm})", IsGuarded(model, name, algorithm));
            }
        }
    }

    /// <summary>It stands in a function that is handed to the gate, or in one that is declared under the same name.</summary>
    private static bool IsGuarded(SemanticModel model, SyntaxNode call, string algorithm) =>
        call.Ancestors().OfType<AnonymousFunctionExpressionSyntax>().Any(function => function.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax invocation }
            && model.GetSymbolInfo(invocation).Symbol is IMethodSymbol { ContainingType.Name: nameof(AlgorithmGate) })
        || (call.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } inside && model.GetDeclaredSymbol(inside) is { } declared && DeclaredAs(declared) == algorithm);

    private static bool IsDeclared(MethodDeclarationSyntax method) => method.AttributeLists.SelectMany(list => list.Attributes).Any(a => a.Name.ToString() == "AutomatedFunction");

    private static string? DeclaredAs(IMethodSymbol method) =>
        method.OriginalDefinition.GetAttributes().FirstOrDefault(a => a.AttributeClass?.Name == nameof(AutomatedFunctionAttribute))?.ConstructorArguments[0].Value as string;

    /// <summary>The whole program as the compiler sees it, without pages and without what generators add.</summary>
    private static CSharpCompilation Compile()
    {
        const string implicitUsings = """
            global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
            global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
            """;
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Zinneke", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var trees = Sources.CSharp("src").Select(file => file.Tree).Append(CSharpSyntaxTree.ParseText(implicitUsings, path: "Usings.cs"));
        return CSharpCompilation.Create("Zinneke", trees, platform, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }
}
