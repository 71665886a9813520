using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Zinneke.Bench;

/// <summary>Where it was measured.</summary>
internal static partial class Machine
{
    public static string Cpu { get; } = ReadCpu();

    /// <summary>Name of the folder of its results.</summary>
    public static string Folder { get; } = Dashes().Replace(Cpu.ToLowerInvariant(), "-").Trim('-');

    /// <summary>What a reader has to know, one line each.</summary>
    public static IReadOnlyList<(string Name, string Value)> Facts(string loadBefore, string disk) =>
    [
        ("processor", $"{Cpu}, {Environment.ProcessorCount} cores"),
        ("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GiB"),
        ("load before", double.TryParse(loadBefore, CultureInfo.InvariantCulture, out var load) && load > Environment.ProcessorCount / 2.0 ? $"{loadBefore}: the machine was busy with other work" : loadBefore),
        ("system", RuntimeInformation.OSDescription),
        (".NET", Environment.Version.ToString()),
        ("program", Version()),
        ("write and flush to disk, median", $"{SyncMicros(disk).ToString("N0", CultureInfo.InvariantCulture)} µs"),
    ];

    /// <summary>Median of a write and a flush to disk in a folder, microseconds: what nothing that is durable can beat without grouping.</summary>
    public static double SyncMicros(string folder)
    {
        var path = Path.Combine(folder, Path.GetRandomFileName());
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
        var times = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            file.WriteByte((byte)i);
            var begun = Stopwatch.GetTimestamp();
            file.Flush(flushToDisk: true);
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
        }
        return times.Order().ElementAt(times.Count / 2);
    }

    /// <summary>The checkout, or the folder one stands in.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Zinneke.slnx")))
            {
                return folder.FullName;
            }
        }
        return Directory.GetCurrentDirectory();
    }

    private static string ReadCpu() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString()
        : RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>How much else the machine does: average over the last minute.</summary>
    public static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string Version()
    {
        var git = new ProcessStartInfo("git", ["describe", "--always", "--dirty"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root() };
        try
        {
            using var process = Process.Start(git)!;
            var said = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return said.Length == 0 ? "not a checkout" : said;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "not a checkout";
        }
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Dashes();
}
