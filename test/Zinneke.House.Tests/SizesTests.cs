using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Zinneke.House.Tests;

/// <summary>Short enough to be read at once.</summary>
public class SizesTests
{
    private static readonly string[] Code = [".cs", ".razor", ".ts", ".mjs", ".css", ".sh"];

    [Fact]
    public void Files_are_short() =>
        Sources.All.Where(file => Code.Contains(Path.GetExtension(file.Path)) || file.Path == "zinneke")
            .Where(file => file.Lines.Count > Rules.FileLinesMax)
            .Select(file => $"{file}: {file.Lines.Count} lines")
            .ShouldBeNone($"About 400 lines is long and {Rules.FileLinesMax} is the end; split by noun or by use case:");

    [Fact]
    public void Functions_are_short() =>
        Sources.All.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal)).SelectMany(file => file.Tree.GetRoot().DescendantNodes()
            .Where(node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax)
            .Select(node => (Line: LineOf(node.SpanStart, file), Lines: LineOf(node.Span.End, file) - LineOf(node.SpanStart, file) + 1))
            .Where(function => function.Lines > Rules.FunctionLinesMax)
            .Select(function => $"{file}:{function.Line} {function.Lines} lines"))
        .ShouldBeNone($"At most {Rules.FunctionLinesMax} lines; name the parts:");

    [Fact]
    public void The_program_begins_small() =>
        Sources.All.Single(file => file.Path == "src/Zinneke/Program.cs").Lines.Count.ShouldBeLessThanOrEqualTo(Rules.ProgramLinesMax);

    private static int LineOf(int position, SourceFile file) => file.Tree.GetText().Lines.GetLineFromPosition(position).LineNumber + 1;
}
