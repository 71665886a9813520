using System.IO.Compression;
using System.Text;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>What others send may be made to eat memory or to read files: answers of Open311 endpoints, and packed files.</summary>
public class HostileFilesTests
{
    private const long BombBytes = 300 << 20;

    [Theory]
    [InlineData("""<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">]><requests><request><description>&f;&f;&f;&f;</description></request></requests>""")]
    [InlineData("""<!DOCTYPE x [<!ENTITY host SYSTEM "file:///etc/hostname">]><requests><request><description>&host;</description></request></requests>""")]
    [InlineData("""<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><requests><request><description>a</description></request></requests>""")]
    public void An_answer_with_entities_of_its_own_is_none(string xml)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        GeoReply.Read(Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?>" + xml)).ShouldBeNull();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20, "nothing was expanded");
    }

    [Fact]
    public async Task A_page_unpacks_no_more_than_a_quarter_of_a_gibibyte()
    {
        await using var opened = PackedFile.Open(Bomb());
        await Should.ThrowAsync<InvalidDataException>(() => opened.CopyToAsync(Stream.Null));
    }

    /// <summary>A packed file of one value that does not end.</summary>
    private static string Bomb()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("zinneke-bomb-").FullName, "bodies.json.gz");
        using var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        packed.Write("{\"bodies\":\""u8);
        var block = new byte[1 << 20];
        block.AsSpan().Fill((byte)'a');
        for (var written = 0L; written < BombBytes; written += block.Length)
        {
            packed.Write(block);
        }
        return path;
    }
}
