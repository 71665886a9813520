using System.Net;
using System.Text;

namespace Zinneke.Site.Tests.Reports;

/// <summary>Photos that cannot be taken are refused with the whole report; the good ones beside them are not kept either.</summary>
[Collection(TwoTowns.Collection)]
public class BadPhotosTests(TwoTowns towns)
{
    private const int PhotoBytesMax = 20 << 20;
    private static readonly byte[] Good = Pictures.Jpeg(64, 48);
    private readonly TestSite site = towns.Site;

    private static byte[] PhotoOf(string what) => what switch
    {
        "more than 20 MB" => [.. Good[..^2], .. new byte[PhotoBytesMax]],
        "a text that is called photo.jpg" => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("This is no photo. ", 50))),
        "a page" => "<!doctype html><script>alert(1)</script>"u8.ToArray(),
        "a drawing" => Encoding.UTF8.GetBytes(Pictures.Svg(64, 48)),
        "an animation" => [.. "GIF89a"u8, .. new byte[40]],
        "HEIC" => [0, 0, 0, 24, .. "ftypheic"u8, .. new byte[40]],
        "the first half" => Pictures.Jpeg(640, 480)[..2000],
        "a PNG with a wrong sum" => Spoilt(Pictures.Png(64, 48)),
        "a header alone" => [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8],
        "a billion pixels" => Huge(),
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };

    [Theory]
    [InlineData("more than 20 MB", 413, "photoTooBig")]
    [InlineData("a text that is called photo.jpg", 415, "photoType")]
    [InlineData("a page", 415, "photoType")]
    [InlineData("a drawing", 415, "photoType")]
    [InlineData("an animation", 415, "photoType")]
    [InlineData("HEIC", 415, "photoHeic")]
    [InlineData("the first half", 422, "photoBroken")]
    [InlineData("a PNG with a wrong sum", 422, "photoBroken")]
    [InlineData("a header alone", 422, "photoBroken")]
    [InlineData("a billion pixels", 422, "photoTooManyPixels")]
    public async Task A_bad_photo_is_refused_in_words_and_nothing_is_kept(string what, int status, string code)
    {
        var photo = PhotoOf(what);
        await site.FileAsync(ReportCalls.Hole());
        var before = await site.CountsAsync();
        foreach (var language in new[] { "fr", "nl" })
        {
            var answered = await site.PostPhotosAsync("/api/v1/reports", ReportCalls.Hole(), language, Good, photo);
            ((int)answered.Status).ShouldBe(status, $"{what}: {answered}");
            answered.Code.ShouldBe(code);
            answered.Json.GetProperty("detail").GetString()!.ShouldSay(site, language, "kernel.refusal." + code);
            (await site.CountsAsync()).ShouldBe(before, what);
        }
    }

    [Fact]
    public async Task Four_photos_are_taken_and_a_fifth_is_not()
    {
        var four = await site.PostPhotosAsync("/api/v1/reports", ReportCalls.Hole(), "fr", Good, Pictures.Png(40, 30), Pictures.Webp(40, 30), Pictures.Jpeg(32, 32));
        four.Status.ShouldBe(HttpStatusCode.Created, four.ToString());
        four.Json.GetProperty("photos").GetArrayLength().ShouldBe(4);

        var before = await site.CountsAsync();
        var five = await site.PostPhotosAsync("/api/v1/reports", ReportCalls.Hole(), "nl", Good, Good, Good, Good, Good);
        (five.Status, five.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, "tooManyPhotos"));
        (await site.CountsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_bad_report_keeps_no_photo()
    {
        var before = await site.CountsAsync();
        var answered = await site.PostPhotosAsync("/api/v1/reports", ReportCalls.Hole().With("category", "nothing"), "fr", Pictures.Jpeg(48, 48));
        answered.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await site.CountsAsync()).ShouldBe(before);
    }

    private static byte[] Spoilt(byte[] png)
    {
        png[40] ^= 0xFF;
        return png;
    }

    /// <summary>A frame header of 32,000 × 32,000 pixels: refused before any pixel is decoded.</summary>
    private static byte[] Huge()
    {
        var photo = Pictures.Jpeg(64, 48);
        var frame = photo.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        ((byte[])[0x7D, 0x00, 0x7D, 0x00]).CopyTo(photo, frame + 5);
        return photo;
    }
}
