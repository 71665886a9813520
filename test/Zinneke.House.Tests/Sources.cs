using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Zinneke.House.Tests;

/// <summary>The files of the checkout that people write: without what is built, installed or stored.</summary>
internal static class Sources
{
    private static readonly HashSet<string> Made = [".git", "artifacts", "node_modules", "dist", "var", "bin", "obj", "TestResults", ".vs", ".idea"];

    public static IReadOnlyList<SourceFile> All { get; } = [.. Below(new DirectoryInfo(Surroundings.Root)).OrderBy(file => file.Path, StringComparer.Ordinal)];

    /// <summary>C# files below a folder such as <c>src/Zinneke.Kernel</c>.</summary>
    public static IEnumerable<SourceFile> CSharp(string folder) => Under(folder, ".cs");

    /// <summary>Files below a folder that end in one of these.</summary>
    public static IEnumerable<SourceFile> Under(string folder, params string[] endings) =>
        All.Where(file => file.Path.StartsWith(folder + "/", StringComparison.Ordinal) && endings.Any(ending => file.Path.EndsWith(ending, StringComparison.Ordinal)));

    /// <summary>Names of the folders directly below one.</summary>
    public static IEnumerable<string> FoldersIn(string folder) =>
        All.Where(file => file.Path.StartsWith(folder + "/", StringComparison.Ordinal))
            .Select(file => file.Path[(folder.Length + 1)..].Split('/'))
            .Where(parts => parts.Length > 1)
            .Select(parts => parts[0])
            .Distinct();

    private static IEnumerable<SourceFile> Below(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is null && !Made.Contains(entry.Name)))
        {
            if (entry is not DirectoryInfo inner)
            {
                yield return new SourceFile(Path.GetRelativePath(Surroundings.Root, entry.FullName).Replace('\\', '/'));
                continue;
            }
            foreach (var file in Below(inner))
            {
                yield return file;
            }
        }
    }
}

/// <summary>A file of the checkout.</summary>
/// <param name="Path">Relative to the checkout, with slashes.</param>
internal sealed record SourceFile(string Path)
{
    private static readonly HashSet<string> Prose =
        [".cs", ".razor", ".ts", ".mjs", ".js", ".css", ".html", ".sql", ".sh", ".md", ".csproj", ".props", ".slnx", ".json", ".yaml", ".yml", ".resx", ".txt", ".svg", ""];

    private readonly Lazy<string> text = new(() => File.ReadAllText(System.IO.Path.Combine(Surroundings.Root, Path)));
    private readonly Lazy<SyntaxTree> tree = new(() => CSharpSyntaxTree.ParseText(File.ReadAllText(System.IO.Path.Combine(Surroundings.Root, Path)), path: Path));

    public string FullPath => System.IO.Path.Combine(Surroundings.Root, Path);

    public string Name => System.IO.Path.GetFileName(Path);

    public string Text => text.Value;

    public IReadOnlyList<string> Lines => Text.Split('\n');

    /// <summary>Parsed C#.</summary>
    public SyntaxTree Tree => tree.Value;

    /// <summary>Whether people read it as text; pictures and fonts are not.</summary>
    public bool IsText => Prose.Contains(System.IO.Path.GetExtension(Path));

    public override string ToString() => Path;
}

/// <summary>Findings of a rule, told as one message that says what to do.</summary>
internal static class Findings
{
    /// <summary>Fails with every finding on its own line.</summary>
    public static void ShouldBeNone(this IEnumerable<string> findings, string rule)
    {
        var list = findings.Distinct().ToList();
        if (list.Count > 0)
        {
            Assert.Fail($"{rule}\n  {string.Join("\n  ", list.Take(40))}{(list.Count > 40 ? $"\n  ... and {list.Count - 40} more" : "")}");
        }
    }
}
