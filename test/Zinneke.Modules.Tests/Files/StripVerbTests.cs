using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Modules.Tests.Files;

public sealed class StripVerbTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("zinneke-strip-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [ReferenceFact("reports/photos/with-metadata.jpg", "reports/photos/plain.jpg")]
    public async Task Says_what_was_taken_out()
    {
        var target = Path.Combine(folder, "stripped.jpg");
        var (exit, output, _) = await RunAsync(ReferenceData.At("reports/photos/with-metadata.jpg"), target);
        exit.ShouldBe(0);
        File.ReadAllBytes(target).ShouldBe(File.ReadAllBytes(ReferenceData.At("reports/photos/plain.jpg")));
        var said = JsonDocument.Parse(output).RootElement;
        said.GetProperty("format").GetString().ShouldBe("jpeg");
        said.GetProperty("orientation").GetInt32().ShouldBe(6);
        var removed = said.GetProperty("removed").EnumerateArray().Select(part => (part.GetProperty("part").GetString(), part.GetProperty("bytes").GetInt64()));
        removed.ShouldBe([("APP1 Exif", 174), ("APP1 XMP", 65), ("APP13 IPTC", 28), ("COM", 13), ("after EOI", 13)]);
    }

    [Fact]
    public async Task A_file_that_is_no_photo_is_bad_input_and_leaves_nothing()
    {
        var source = Path.Combine(folder, "photo.jpg");
        var target = Path.Combine(folder, "stripped.jpg");
        File.WriteAllText(source, "this is not a photo, whatever its name says");
        var (exit, output, error) = await RunAsync(source, target);
        exit.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldContain("JPEG, PNG or WebP");
        File.Exists(target).ShouldBeFalse();
    }

    private async Task<(int Exit, string Output, string Error)> RunAsync(string source, string target)
    {
        var parts = Installation.Parts([new KernelModule()]);
        parts.AddSingleton(StripVerb.Verb);
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(parts, ["reports", "strip", source, "--out", target], new Shell(output, error, new Dictionary<string, string>()) { Yaml = Path.Combine(folder, "none.yaml") }, CancellationToken.None);
        return (exit, System.Text.Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
