using System.Security.Cryptography;

namespace Zinneke.House.Tests;

/// <summary>What comes from elsewhere: packages by lock file, whatever registry serves them, and data that is never copied.</summary>
public class SuppliesTests
{
    [Fact]
    public void Every_project_has_a_lock_file() =>
        Sources.All.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(file => !File.Exists(Path.Combine(Path.GetDirectoryName(file.FullPath)!, "packages.lock.json")))
            .Select(file => file.Path)
            .ShouldBeNone("dotnet restore writes packages.lock.json; commit it:");

    [Fact]
    public void Lock_files_name_no_registry() =>
        Sources.All.Where(file => file.Name is "packages.lock.json" or "package-lock.json" or ".npmrc" || file.Name.Equals("nuget.config", StringComparison.OrdinalIgnoreCase))
            .SelectMany(file => file.Lines.Where(line => line.Contains("\"resolved\": \"http", StringComparison.Ordinal) || line.Contains("registry=", StringComparison.Ordinal) || line.Contains("packageSources", StringComparison.Ordinal))
                .Select(line => $"{file}: {line.Trim()}"))
            .ShouldBeNone("A clone uses the registry of its own machine (npm config set omit-lockfile-registry-resolved true):");

    [ReferenceFact("areas/README.md")]
    public void No_reference_data_is_copied()
    {
        var bySize = Directory.EnumerateFiles(ReferenceData.Folder, "*", SearchOption.AllDirectories).GroupBy(path => new FileInfo(path).Length).ToDictionary(group => group.Key, group => group.ToList());
        Sources.All.Where(file => new FileInfo(file.FullPath).Length is > 32 and var size && bySize.TryGetValue(size, out var same) && same.Exists(other => Hash(other) == Hash(file.FullPath)))
            .Select(file => file.Path)
            .ShouldBeNone("Reference data stays where it is; tests read it there:");
    }

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(stream));
    }
}
