using System.Text;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Files;

public sealed class UploadFormTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("zinneke-files-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Fields_and_photos_of_one_form()
    {
        using var sent = new MultipartFormDataContent
        {
            { new StringContent("Nid de poule énorme"), "description" },
            { new StringContent("a"), "many" },
            { new StringContent("b"), "many" },
            { Photo(Pictures.WithMetadata(Pictures.Jpeg(60, 40), 6)), "photo", "IMG_2041.jpg" },
            { Photo([]), "photo" },
            { Photo(Pictures.Png(30, 20)), "photo" },
        };
        await using var form = (await ReadAsync(sent)).Value;
        form["description"].ShouldBe("Nid de poule énorme");
        form.Fields["many"].ToArray().ShouldBe(["a", "b"]);
        form["absent"].ShouldBe("");
        form.Refusals.ShouldBeEmpty();
        form.Photos.Select(photo => (photo.About.Format, photo.About.Orientation)).ShouldBe([(PhotoFormat.Jpeg, 6), (PhotoFormat.Png, 1)]);
        Files().Count.ShouldBe(2);
        var kept = await form.Photos[0].KeepAsync();
        await form.DisposeAsync();
        Files().ShouldBe([Path.Combine(folder, kept.Hash[..2], kept.Hash[2..4], kept.Hash + ".jpg")]);
    }

    [Fact]
    public async Task Refused_photos_are_named_and_the_form_keeps_what_was_typed()
    {
        using var sent = new MultipartFormDataContent
        {
            { Photo("GIF89a and more"u8.ToArray()), "photo", "a.gif" },
            { Photo(Pictures.Jpeg(30, 20)), "photo", "b.jpg" },
            { Photo(new byte[3000]), "photo", "c.jpg" },
            { Photo([.. Pictures.Jpeg(30, 20), .. new byte[30_000]]), "photo", "d.jpg" },
            { Photo(Pictures.Jpeg(30, 20)), "photo", "e.jpg" },
            { Photo(Pictures.Jpeg(30, 20)), "photo", "f.jpg" },
            { new StringContent("still here"), "description" },
        };
        await using var form = (await ReadAsync(sent, new UploadLimits { Photo = new PhotoLimits { BytesMax = 20_000 } })).Value;
        form["description"].ShouldBe("still here");
        form.Photos.ShouldHaveSingleItem();
        form.Refusals.Select(refusal => (refusal.Field, refusal.Code)).ShouldBe(
        [
            ("photo[0]", "kernel.photoType"), ("photo[2]", "kernel.photoType"), ("photo[3]", "kernel.photoTooBig"), ("photo", "kernel.tooManyPhotos"),
        ]);
    }

    [Fact]
    public async Task One_other_file_is_taken_as_it_is_when_it_is_asked_for()
    {
        var limits = new UploadLimits { PhotosMax = 0, FileField = "file", FileBytesMax = 5 };
        using var sent = new MultipartFormDataContent { { new ByteArrayContent("12345"u8.ToArray()), "file", "..\\secret/list.json" }, { new StringContent("x"), "body" } };
        await using (var form = (await ReadAsync(sent, limits)).Value)
        {
            (form.File!.Name, form["body"]).ShouldBe(("list.json", "x"));
            var hash = await form.File.Content.KeepAsync(".import");
            (await File.ReadAllTextAsync(new FileStore(folder).PathOf(hash, ".import"))).ShouldBe("12345");
        }
        Directory.Delete(folder, recursive: true);
        await RefusedAsync(new MultipartFormDataContent { { new ByteArrayContent("123456"u8.ToArray()), "file", "a" } }, limits, RefusalKind.TooBig);
        await RefusedAsync(new MultipartFormDataContent { { new ByteArrayContent("1"u8.ToArray()), "file", "a" }, { new ByteArrayContent("2"u8.ToArray()), "file", "b" } }, limits, RefusalKind.TooBig);
        await using (var empty = (await ReadAsync(new MultipartFormDataContent { { new ByteArrayContent([]), "file", "none" } }, limits)).Value)
        {
            empty.File.ShouldBeNull();
        }
        Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task Pairs_are_read_too()
    {
        using var sent = new FormUrlEncodedContent([new("description", "trou & bosse"), new("place", "4.35,50.85")]);
        await using var form = (await ReadAsync(sent)).Value;
        (form["description"], form["place"], form.Photos.Count).ShouldBe(("trou & bosse", "4.35,50.85", 0));
    }

    [Fact]
    public async Task Every_limit_is_a_refusal()
    {
        var few = new UploadLimits { PartsMax = 3, FieldBytesMax = 1000, Photo = new PhotoLimits { BytesMax = 1000 } };
        await RefusedAsync(new StringContent("{}", Encoding.UTF8, "application/json"), few, RefusalKind.WrongType);
        await RefusedAsync(new MultipartFormDataContent { { new StringContent(new string('x', 1001)), "text" } }, few, RefusalKind.TooBig);
        await RefusedAsync(new MultipartFormDataContent { { Photo(new byte[100_000]), "photo", "a.jpg" } }, few, RefusalKind.TooBig);
        await RefusedAsync(new MultipartFormDataContent { { new StringContent("1"), "a" }, { new StringContent("2"), "b" }, { new StringContent("3"), "c" }, { new StringContent("4"), "d" } }, few, RefusalKind.TooBig);
        await RefusedAsync(new MultipartFormDataContent { { new ByteArrayContent([0xC3, 0x28]), "text" } }, few, RefusalKind.NotParseable);
        await RefusedAsync(new FormUrlEncodedContent([new("text", new string('x', 1001))]), few, RefusalKind.TooBig);
        Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_that_breaks_off_anywhere_leaves_nothing()
    {
        using var content = new MultipartFormDataContent("edge") { { new StringContent("words"), "text" }, { Photo(Pictures.Jpeg(16, 16)), "photo", "a.jpg" } };
        var whole = await content.ReadAsByteArrayAsync();
        for (var length = 0; length < whole.Length - 4; length++)
        {
            var outcome = await ReadAsync(new MemoryStream(whole, 0, length), "multipart/form-data; boundary=edge", null);
            outcome.Refusal?.Kind.ShouldBe(RefusalKind.NotParseable);
            outcome.Ok.ShouldBeFalse($"cut to {length} of {whole.Length}");
            Files().ShouldBeEmpty();
        }
    }

    private static ByteArrayContent Photo(byte[] bytes) => new(bytes);

    private async Task RefusedAsync(HttpContent sent, UploadLimits limits, RefusalKind kind)
    {
        using (sent)
        {
            (await ReadAsync(sent, limits)).Refusal!.Kind.ShouldBe(kind);
        }
    }

    private async Task<Outcome<UploadForm>> ReadAsync(HttpContent sent, UploadLimits? limits = null) =>
        await ReadAsync(await sent.ReadAsStreamAsync(), sent.Headers.ContentType!.ToString(), limits);

    private Task<Outcome<UploadForm>> ReadAsync(Stream body, string contentType, UploadLimits? limits)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Request.ContentType = contentType;
        http.Request.Body = body;
        http.Request.ContentLength = body.Length;
        return UploadForm.ReadAsync(http.Request, new FileStore(folder), limits);
    }

    private List<string> Files() => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)];
}
