using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>What a person takes along as one file, and what they agreed to (K19).</summary>
public class TakeAlongTests
{
    private const string Email = "ada@example.org";

    [Theory, OnSqlite, OnPostgres]
    public async Task The_archive_holds_the_data_the_photos_sent_and_the_mails(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        var (mine, others) = (await city.FileAsync(email: Email), await city.FileAsync(email: "other@example.org"));
        var officer = await city.CallerAsync("officer", DeskCity.West);
        await AddPhotoAsync(city, mine, Caller.Anonymous("fr"), isReporter: true, 40);
        await AddPhotoAsync(city, mine, officer, isReporter: false, 41);
        await AddPhotoAsync(city, others, Caller.Anonymous("fr"), isReporter: true, 42);
        await store.SettleAsync();
        while (await store.Get<MailSender>().SendDueAsync() > 0)
        {
        }
        var archive = await ArchiveAsync(store, new Person(null, Email));
        archive.Keys.Where(name => !name.StartsWith("mail/", StringComparison.Ordinal)).ShouldBe(["data.json", $"reports/{mine}/photo-1.png"], ignoreOrder: true);
        archive[$"reports/{mine}/photo-1.png"].ShouldBe(await FileOfAsync(store, mine, after: false));
        using var data = JsonDocument.Parse(archive["data.json"]);
        data.RootElement.GetProperty("reports.contact")[0].GetProperty("report").GetString().ShouldBe(mine);
        var mails = data.RootElement.GetProperty("kernel.mail").EnumerateArray().Select(mail => $"mail/{mail.GetProperty("mail").GetGuid():D}.eml").ToList();
        mails.ShouldNotBeEmpty();
        mails.ShouldAllBe(name => Encoding.UTF8.GetString(archive[name]).Contains(Email, StringComparison.Ordinal));

        (await ArchiveAsync(store, new Person(null, "nobody@example.org"))).Keys.ShouldBe(["data.json"]);
        Directory.Delete(store.Get<DataFolder>().Mail, recursive: true);
        (await ArchiveAsync(store, new Person(null, Email))).Count.ShouldBe(2, "what was deleted meanwhile is left out");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Once_the_full_size_is_gone_the_largest_picture_is_taken_along(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var mine = await city.FileAsync(email: Email);
        await AddPhotoAsync(city, mine, Caller.Anonymous("fr"), isReporter: true, 40);
        await store.Get<DrawFiles>().AllAsync();
        await city.ActAsync(mine, "resolve", await city.CallerAsync("officer", DeskCity.West), new ActionRequest { Text = Text.Of("fr", "Réparé") });
        store.Clock.Advance(TimeSpan.FromDays(31));
        (await store.Get<RetainReports>().RunAsync(store.Clock.NowMicros(), default))["originals"].ShouldBe(1);
        (await ArchiveAsync(store, new Person(null, Email))).Keys.ShouldContain($"reports/{mine}/photo-1.jpg");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_leaves_a_contact_has_agreed_and_it_is_forgotten_with_the_contact(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await city.FileAsync();
        var number = await city.FileAsync(email: Email, lang: "nl");
        var report = await ReportAsync(store, number);
        await using var read = store.Database.Open();
        var consent = await read.Set<Consent>().AsNoTracking().SingleAsync();
        (consent.TextKey, consent.Language, consent.Email, consent.AccountId, consent.AboutKind, consent.AboutId, consent.At)
            .ShouldBe((FileReport.Consent, "nl", Email, null, "report", report.Id.ToString(), report.CreatedAt));
        consent.Wording.Length.ShouldBe(12);
        store.Get<Consents>().IsCurrent(consent).ShouldBeTrue();
        JsonSerializer.Serialize((await store.Get<Privacy>().ExportAsync(new Person(null, Email)))["kernel.consent"], Json.Options).ShouldContain($"\"about\":\"report:{report.Id}\"");
        (await store.Get<EraseContact>().RunAsync(number, Actor.Anonymous, default)).Refusal.ShouldBeNull();
        (await read.Set<Consent>().CountAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("../up.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("C:\\x")]
    [InlineData(".hidden")]
    [InlineData("a\n")]
    [InlineData("")]
    public void No_name_leads_out_of_the_folder_where_it_is_unpacked(string name) => Should.Throw<ArgumentException>(() => new PersonalFile(name, "x"));

    private static async Task<Dictionary<string, byte[]>> ArchiveAsync(TestStore store, Person person)
    {
        using var written = new MemoryStream();
        await using (var oneWay = new OneWay(written))
        {
            await store.Get<PersonalArchive>().WriteAsync(oneWay, person);
        }
        using var archive = new ZipArchive(new MemoryStream(written.ToArray()));
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var content = new MemoryStream();
            using var source = entry.Open();
            source.CopyTo(content);
            return content.ToArray();
        });
    }

    private static async Task AddPhotoAsync(DeskCity city, string number, Caller by, bool isReporter, int width)
    {
        await using var photo = (await IncomingPhoto.ReadAsync(new MemoryStream(Pictures.Png(width, 30)), city.Get<FileStore>())).Value;
        (await city.Get<AddPhotos>().RunAsync(number, [photo], new Acting(by, isReporter), default)).Refusal.ShouldBeNull();
    }

    private static async Task<Report> ReportAsync(TestStore store, string number)
    {
        await using var read = store.Database.Open();
        return (await ReadReport.FindAsync(read, number, false, default))!;
    }

    private static async Task<byte[]> FileOfAsync(TestStore store, string number, bool after)
    {
        var report = await ReportAsync(store, number);
        await using var read = store.Database.Open();
        var file = await read.Set<ReportPhoto>().Where(p => p.ReportId == report.Id && p.After == after).Join(read.Set<StoredFile>(), p => p.FileId, f => f.Id, (_, f) => f).SingleAsync();
        return await File.ReadAllBytesAsync(store.Get<FileStore>().PathOf(file.Hash, file.Ending));
    }

    /// <summary>As an answer over HTTP is: written once from front to back, and never in a blocking way.</summary>
    private sealed class OneWay(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => inner.WriteAsync(buffer, offset, count, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("blocks");

        public override void Flush() => throw new InvalidOperationException("blocks");

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
