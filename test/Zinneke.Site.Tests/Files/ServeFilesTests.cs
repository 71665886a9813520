using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Files;

/// <summary>Photos over HTTP: sent through a form, drawn, served while they are public, and never otherwise.</summary>
public sealed class ServeFilesTests : IAsyncLifetime
{
    private TestSite site = null!;

    public async Task InitializeAsync() => site = await TestSite.NewAsync(doors => doors.Root.MapPost("/probe/photos", ReceiveAsync).Public());

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    [Fact]
    public async Task A_public_photo_is_served_for_ever_and_can_do_nothing()
    {
        var file = await SendAndDrawAsync(FileVisibility.Public);
        foreach (var variant in new[] { "large", "medium", "thumb" })
        {
            using var answer = await site.Client.GetAsync(file.PathOf(variant));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentType!.ToString().ShouldBe("image/jpeg");
            answer.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
            answer.Content.Headers.ContentDisposition!.ToString().ShouldBe("inline");
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
            answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
            StripPhoto.FormatOf(await answer.Content.ReadAsByteArrayAsync()).ShouldBe(PhotoFormat.Jpeg);

            using var again = new HttpRequestMessage(HttpMethod.Get, file.PathOf(variant));
            again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
            (await site.Client.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        }
    }

    [Theory]
    [InlineData(FileVisibility.Private)]
    [InlineData(FileVisibility.Hidden)]
    public async Task Other_photos_are_not_there(FileVisibility visibility)
    {
        var file = await SendAndDrawAsync(visibility);
        await NotThereAsync(file.PathOf("large")!);
    }

    [Fact]
    public async Task Originals_and_odd_names_are_not_there()
    {
        var file = await SendAndDrawAsync(FileVisibility.Public);
        await NotThereAsync($"/files/{file.Hash}/large.jpg");
        await NotThereAsync($"/files/{file.Hash}.png");
        await NotThereAsync($"/files/{file.Picture}/original.jpg");
        await NotThereAsync($"/files/{file.Picture!.ToUpperInvariant()}/large.jpg");
        await NotThereAsync("/files/..%2F..%2Fzinneke.db/large.jpg");
        await NotThereAsync($"/files/{new string('0', 64)}/large.jpg");
    }

    [Fact]
    public async Task A_refused_photo_is_told_in_the_readers_language()
    {
        using var sent = new MultipartFormDataContent { { new ByteArrayContent("\0\0\0\u0018ftypheic\0\0\0\0"u8.ToArray()), "photo", "IMG_1.HEIC" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/probe/photos") { Content = sent };
        request.Headers.Add("Accept-Language", "nl");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var answer = await site.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("meest compatibel");
    }

    [Fact]
    public async Task A_photo_of_20_megabytes_passes_and_a_bigger_one_does_not()
    {
        var photo = DrawSvg.ToPng("""<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>""");
        (await PostAsync([.. photo, .. new byte[20_000_000]])).ShouldBe(HttpStatusCode.OK);
        (await PostAsync([.. photo, .. new byte[22_000_000]])).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await PostAsync([.. photo, .. new byte[90_000_000]])).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private static async Task<IResult> ReceiveAsync(HttpContext http, FileStore files, Writer writer, string? visibility)
    {
        var outcome = await UploadForm.ReadAsync(http.Request, files);
        if (!outcome.Is(out var form, out var refusal))
        {
            return refusal.AsProblem();
        }
        await using (form)
        {
            if (form.Refusals.Count > 0)
            {
                return Refusal.Of(form.Refusals).AsProblem();
            }
            var kept = await form.Photos[0].KeepAsync();
            await writer.DoAsync(Actor.Anonymous, unit =>
            {
                var file = StoredFile.Of(kept, unit.NextId(), unit.Now);
                file.Claim(Enum.Parse<FileVisibility>(visibility ?? "Public"));
                unit.Store.Add(file);
                return Task.CompletedTask;
            });
            return TypedResults.Ok();
        }
    }

    private async Task<StoredFile> SendAndDrawAsync(FileVisibility visibility)
    {
        var photo = DrawSvg.ToPng("""<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="9" height="9"/></svg>""");
        (await PostAsync(photo, visibility)).ShouldBe(HttpStatusCode.OK);
        await site.Get<DrawFiles>().AllAsync();
        for (var waited = 0; ; waited++)
        {
            await using var store = site.Get<Database>().Open();
            var file = await store.Set<StoredFile>().SingleAsync();
            if (file.State == RenditionState.Ready || waited == 200)
            {
                return file;
            }
            await Task.Delay(50);
        }
    }

    private async Task<HttpStatusCode> PostAsync(byte[] photo, FileVisibility visibility = FileVisibility.Public)
    {
        using var sent = new MultipartFormDataContent { { new ByteArrayContent(photo), "photo", "photo.png" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/probe/photos?visibility={visibility}") { Content = sent };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.ExpectContinue = true;
        using var answer = await site.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task NotThereAsync(string path)
    {
        using var answer = await site.Client.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
    }
}
