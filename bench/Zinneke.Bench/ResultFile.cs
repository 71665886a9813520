using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Zinneke.Bench;

/// <summary>Writes what was found: JSON on standard output, and a page of <c>bench/results/CPU</c> that is committed.</summary>
internal static class ResultFile
{
    public static void Write(Measurement measurement, IReadOnlyDictionary<string, string> options, Findings findings, string loadBefore)
    {
        var facts = Machine.Facts(loadBefore, Path.GetTempPath());
        Console.WriteLine(JsonSerializer.Serialize(findings.Printed ?? new { measurement.Name, machine = facts.ToDictionary(fact => fact.Name, fact => fact.Value), findings.Figures }, JsonSerializerOptions.Web));
        var folder = Path.Combine(Machine.Root(), "bench", "results", Machine.Folder);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, NameOf(measurement, options) + ".md");
        File.WriteAllText(file, Page(measurement, options, findings, facts));
        Console.Error.WriteLine($"written to {Path.GetRelativePath(Directory.GetCurrentDirectory(), file)}");
    }

    /// <summary>A figure as people read it: four digits that mean something.</summary>
    private static string Rounded(double value)
    {
        if (value == 0)
        {
            return "0";
        }
        var digits = Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6);
        return Math.Round(value, digits).ToString($"N{digits}", CultureInfo.InvariantCulture);
    }

    /// <summary>The same measurement on the other store has a page of its own.</summary>
    private static string NameOf(Measurement measurement, IReadOnlyDictionary<string, string> options) =>
        options.TryGetValue("store", out var store) && store != "sqlite" ? $"{measurement.Name}-{store.Split(':')[0]}" : measurement.Name;

    private static string Page(Measurement measurement, IReadOnlyDictionary<string, string> options, Findings findings, IReadOnlyList<(string Name, string Value)> facts)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# {measurement.Name}: {measurement.Help}\n\n{findings.What}\n\n");
        page.Append("| | | goal |\n|---|---:|---|\n");
        foreach (var figure in findings.Figures)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {figure.Name} | {Rounded(figure.Value)} {figure.Unit} | {figure.Goal} |\n");
        }
        page.Append(CultureInfo.InvariantCulture, $"\nBeside: {findings.Compared}\n\nChecked first: {findings.Checked}\n\n| machine | {TimeProvider.System.GetUtcNow():yyyy-MM-dd} |\n|---|---|\n");
        foreach (var (name, value) in facts)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {name} | {value} |\n");
        }
        var typed = string.Concat(options.Where(option => option.Value.Length > 0 && option.Key != "data").Select(option => $" --{option.Key} {(option.Key == "store" ? option.Value.Split(':')[0] : option.Value)}"));
        return page.Append(CultureInfo.InvariantCulture, $"\n`./zinneke bench {measurement.Name}{typed}`\n").ToString();
    }
}
