using System.Text;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Files;

/// <summary>A photo from its arrival to its renditions and its end.</summary>
public class StoredFileTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_photo_is_drawn_after_it_was_committed(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var id = await SendAsync(store, Pictures.WithMetadata(Pictures.Jpeg(400, 300), orientation: 6));
        (await FindAsync(store, id))!.State.ShouldBe(RenditionState.Pending);

        await store.Get<DrawFiles>().AllAsync();

        var file = (await FindAsync(store, id))!;
        (file.State, file.Orientation, file.ExpiresAt, file.Attempts).ShouldBe((RenditionState.Ready, 6, null, 1));
        file.PathOf("thumb").ShouldBe($"/files/{file.Picture}/thumb.jpg");
        await store.SettleAsync();
        var events = await store.Get<Log>().ReadAsync(0, 10);
        events.Single().Read<FileDrawn>().Ready.ShouldBeTrue();
        events.Single().SubjectVersion.ShouldBe(file.Version);
        NoSecretBelow(store.Folder);
    }

    [Fact]
    public async Task Nothing_secret_lies_on_disk_while_a_photo_streams_in()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        foreach (var photo in new[] { Pictures.Jpeg(60, 60), Pictures.Png(60, 60), Pictures.Webp(60, 60) })
        {
            var slow = new Watched(Pictures.WithMetadata(photo, 6), () => NoSecretBelow(store.Folder));
            await using var incoming = (await IncomingPhoto.ReadAsync(slow, store.Get<FileStore>())).Value;
            NoSecretBelow(store.Folder);
        }
    }

    [Fact]
    public async Task A_photo_that_is_refused_leaves_nothing()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var files = store.Get<FileStore>();
        var photo = Pictures.Jpeg(400, 300);
        (await IncomingPhoto.ReadAsync(new MemoryStream(photo[..^200]), files)).Refusal!.Code.ShouldBe("kernel.photoBroken");
        byte[] hollow = [.. Pictures.Png(40, 30)[..33], .. Pictures.Chunk("IDAT", "these are no pixels"u8), .. Pictures.Chunk("IEND", [])];
        (await IncomingPhoto.ReadAsync(new MemoryStream(hollow), files)).Refusal!.Code.ShouldBe("kernel.photoBroken", "every chunk is right, but there are no pixels");
        await using (await IncomingPhoto.ReadAsync(new MemoryStream(photo), files) is { Ok: true, Value: var unkept } ? unkept : null)
        {
            FilesIn(store).ShouldHaveSingleItem();
        }
        FilesIn(store).ShouldBeEmpty();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_redaction_makes_other_pictures_under_another_name(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var id = await SendAsync(store, Pictures.Png(400, 300));
        await store.Get<DrawFiles>().AllAsync();
        var before = (await FindAsync(store, id))!.Picture;

        await store.Writer.DoAsync(Actor.System, async unit => (await unit.Store.Set<StoredFile>().SingleAsync(f => f.Id == id)).Redact([new Redaction(0.1, 0.1, 0.5, 0.5)]));

        (await FindAsync(store, id))!.Picture.ShouldBeNull("what must not be seen is gone with the commit");
        await store.Get<DrawFiles>().AllAsync();
        var after = (await FindAsync(store, id))!;
        after.Picture.ShouldNotBeNull();
        after.Picture.ShouldNotBe(before);
        after.Redactions.ShouldBe([new Redaction(0.1, 0.1, 0.5, 0.5)]);
    }

    [Fact]
    public async Task A_photo_that_kills_its_drawer_is_given_up_after_three_times()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var id = await SendAsync(store, Pictures.Png(40, 30));
        for (var death = 1; death <= 3; death++)
        {
            await store.Writer.DoAsync(Actor.System, async unit =>
                (await unit.Store.Set<StoredFile>().SingleAsync(f => f.Id == id)).BeginDrawing(unit.Now, TimeSpan.FromMinutes(2), 3).ShouldBeTrue());
            (await store.Get<DrawFiles>().NextAsync()).ShouldBeFalse("somebody may still be at it");
            store.Clock.Advance(TimeSpan.FromMinutes(3));
        }
        await store.Get<DrawFiles>().AllAsync();
        (await FindAsync(store, id))!.State.ShouldBe(RenditionState.Broken);
        await store.SettleAsync();
        (await store.Get<Log>().ReadAsync(0, 10)).Single().Read<FileDrawn>().Ready.ShouldBeFalse();
    }

    [Fact]
    public async Task A_photo_outlives_an_outage_of_the_disk()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var id = await SendAsync(store, Pictures.Png(40, 30));
        var (folder, away) = (store.Get<DataFolder>().Files, Path.Combine(store.Folder, "away"));
        Directory.Move(folder, away);
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await Should.ThrowAsync<IOException>(() => store.Get<DrawFiles>().NextAsync());
            (await store.Get<DrawFiles>().NextAsync()).ShouldBeFalse("others have their turn first");
            store.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        Directory.Move(away, folder);
        await store.Get<DrawFiles>().AllAsync();
        var file = (await FindAsync(store, id))!;
        (file.State, file.Attempts).ShouldBe((RenditionState.Ready, 1));
    }

    [Fact]
    public async Task The_worker_takes_up_what_a_crash_left()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var first = await SendAsync(store, Pictures.Png(40, 30));
        await store.StartAsync(work: true);
        var second = await SendAsync(store, Pictures.Png(50, 30));
        foreach (var id in new[] { first, second })
        {
            for (var waited = 0; waited < 200 && (await FindAsync(store, id))!.State == RenditionState.Pending; waited++)
            {
                await Task.Delay(50);
            }
            (await FindAsync(store, id))!.State.ShouldBe(RenditionState.Ready);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_photo_wakes_the_worker_once_it_is_on_disk(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var signal = store.Get<DrawSignal>();
        await signal.WaitAsync(TimeSpan.Zero, default);
        await store.Writer.DoAsync<Done>(Actor.System, unit =>
        {
            unit.Store.Add(StoredFile.Of(new KeptPhoto(new string('a', 64), new StrippedPhoto(PhotoFormat.Png, 100, 10, 10, 1, PhotoHints.None, [])), unit.NextId(), unit.Now));
            return Task.FromResult<Outcome<Done>>(new Refusal(RefusalKind.Conflict, "kernel.stale"));
        });
        (await signal.WaitAsync(TimeSpan.Zero, default)).ShouldBeFalse("it was refused");
        await SendAsync(store, Pictures.Png(40, 30));
        (await signal.WaitAsync(TimeSpan.Zero, default)).ShouldBeTrue();
        await store.Writer.DoAsync(Actor.System, unit => Task.FromResult(unit.Store.Add(new CatalogueRow { Kind = "x", Edition = 1, Text = "", At = unit.Now, Actor = unit.Actor.Id })));
        (await signal.WaitAsync(TimeSpan.Zero, default)).ShouldBeFalse("nothing to draw");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_nobody_claims_or_names_is_swept(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var sweep = store.Get<SweepFiles>();
        var kept = await SendAsync(store, Pictures.Png(40, 30));
        var unclaimed = await SendAsync(store, Pictures.Png(50, 30), claim: false);
        var twin = await SendAsync(store, Pictures.Png(40, 30), claim: false);
        await store.Get<DrawFiles>().AllAsync();
        FilesIn(store).Count.ShouldBe(2 + (2 * 3), "the same photo lies there once");

        store.Clock.Advance(TimeSpan.FromHours(23));
        await sweep.ForgetUnclaimedAsync();
        (await FindAsync(store, unclaimed)).ShouldNotBeNull();
        store.Clock.Advance(TimeSpan.FromHours(2));
        await sweep.ForgetUnclaimedAsync();
        (await FindAsync(store, unclaimed)).ShouldBeNull();
        (await FindAsync(store, twin)).ShouldBeNull();

        (await sweep.DeleteOrphansAsync(TimeProvider.System.GetUtcNow().UtcDateTime)).ShouldBe(0, "young files may belong to a row that is about to be committed");
        (await sweep.DeleteOrphansAsync(TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromHours(2))).ShouldBe(1 + 3);
        var file = (await FindAsync(store, kept))!;
        store.Get<FileStore>().Has(file.Hash, file.Ending).ShouldBeTrue();
        FilesIn(store).Count.ShouldBe(1 + 3);
    }

    [Fact]
    public async Task The_photo_in_full_size_can_go_while_its_renditions_stay()
    {
        await using var store = await TestStore.NewAsync(StoreKind.Sqlite);
        var id = await SendAsync(store, Pictures.Png(40, 30));
        await ChangeAsync(file => file.ForgetOriginal().ShouldBeFalse("it is still to be drawn"));
        await store.Get<DrawFiles>().AllAsync();
        await ChangeAsync(file => file.ForgetOriginal().ShouldBeTrue());
        (await store.Get<SweepFiles>().DeleteOrphansAsync(TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromHours(2))).ShouldBe(1);
        FilesIn(store).ShouldAllBe(path => path.EndsWith("-large.jpg") || path.EndsWith("-medium.jpg") || path.EndsWith("-thumb.jpg"));
        await ChangeAsync(file => file.Redact([new Redaction(0, 0, 1, 1)]).Refusal!.Code.ShouldBe("kernel.originalGone"));

        Task ChangeAsync(Action<StoredFile> change) => store.Writer.DoAsync(Actor.System, async unit => change(await unit.Store.Set<StoredFile>().SingleAsync(file => file.Id == id)));
    }

    [Fact]
    public void Names_from_outside_lead_nowhere()
    {
        var folder = Directory.CreateTempSubdirectory("zinneke-files-").FullName;
        try
        {
            var files = new FileStore(folder);
            foreach (var name in new[] { "", "..", "../../zinneke.db", new string('a', 63), new string('A', 64), new string('a', 62) + "/x" })
            {
                Should.Throw<ArgumentException>(() => files.PathOf(name, ".jpg"));
            }
            Should.Throw<ArgumentException>(() => files.PathOf(new string('a', 64), "/../../x"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Guid> SendAsync(TestStore store, byte[] photo, bool claim = true)
    {
        await using var incoming = (await IncomingPhoto.ReadAsync(new MemoryStream(photo), store.Get<FileStore>())).Value;
        var kept = await incoming.KeepAsync();
        var id = Guid.Empty;
        await store.Writer.DoAsync(Actor.Anonymous, unit =>
        {
            var file = StoredFile.Of(kept, id = unit.NextId(), unit.Now);
            if (claim)
            {
                file.Claim(FileVisibility.Public);
            }
            unit.Store.Add(file);
            return Task.CompletedTask;
        });
        return id;
    }

    private static async Task<StoredFile?> FindAsync(TestStore store, Guid id)
    {
        await using var read = store.Database.Open();
        return await read.Set<StoredFile>().SingleOrDefaultAsync(file => file.Id == id);
    }

    private static List<string> FilesIn(TestStore store) => [.. Directory.EnumerateFiles(Path.Combine(store.Folder, "files"), "*", SearchOption.AllDirectories)];

    private static void NoSecretBelow(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.Latin1);
            reader.ReadToEnd().Contains("SECRET", StringComparison.Ordinal).ShouldBeFalse(path);
        }
    }

    /// <summary>A sender that gives 50 bytes at a time and looks around after each.</summary>
    private sealed class Watched(byte[] bytes, Action look) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            look();
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, 50)], cancellationToken);
        }
    }
}
