using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Events;
using Zinneke.Testing.Reports;

namespace Zinneke.Modules.Tests.Kernel.Backups;

/// <summary>An installation goes into a file while it is written to, and comes out whole somewhere else (K30).</summary>
public class BackupTests
{
    private const string Email = "ada.erased@example.org", Name = "Ada Effacée";

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_acknowledged_before_is_in_it_and_it_is_whole_elsewhere(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync(email: "ada@example.org");
        await using (var photo = (await IncomingPhoto.ReadAsync(new MemoryStream(Pictures.Png(40, 30)), city.Get<FileStore>())).Value)
        {
            (await city.Get<AddPhotos>().RunAsync(number, [photo], new Acting(Caller.Anonymous("fr"), IsReporter: true), default)).Refusal.ShouldBeNull();
        }
        var (before, stop) = (new List<string>(), false);
        var writing = Task.Run(async () =>
        {
            while (!Volatile.Read(ref stop))
            {
                var next = await city.FileAsync();
                lock (before)
                {
                    before.Add(next);
                }
            }
        });
        while (Count(before) < 5)
        {
            await Task.Delay(10);
        }
        string[] acknowledged = [number, .. Copy(before)];
        await using var there = await Elsewhere.NewAsync(kind);
        var file = Path.Combine(there.Folder, "backup.tar.gz");
        var taken = await VerbRun.On(store, "backup", file);
        Volatile.Write(ref stop, true);
        await writing;
        taken.ExitCode.ShouldBe(0, taken.Error);
        taken.Json.GetProperty("files").GetInt64().ShouldBeGreaterThan(0);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, "it holds everything");
        }

        var restored = await there.RunAsync("restore", file);
        restored.ExitCode.ShouldBe(0, restored.Output + restored.Error);
        restored.Json.GetProperty("verified").GetProperty("wrong").GetInt64().ShouldBe(0);
        restored.Json.GetProperty("verified").GetProperty("looked").GetProperty("kernel.files").GetInt64().ShouldBe(1);
        (await there.RunAsync("reports", "verify")).ExitCode.ShouldBe(0);
        var exported = (await there.RunAsync("reports", "export", "--format", "csv")).Output;
        acknowledged.ShouldAllBe(one => exported.Contains(one));
        if (kind == StoreKind.Sqlite) // On PostgreSQL the secret is a row.
        {
            File.ReadAllBytes(Path.Combine(there.Folder, "keys", "secret")).ShouldBe(File.ReadAllBytes(Path.Combine(store.Folder, "keys", "secret")), "links that people hold still work");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_was_erased_since_is_erased_again(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await store.StartAsync();
        var city = await DeskCity.FoundAsync(store.Services);
        await city.CallerAsync("administrator", null);
        var number = await city.FileAsync(email: Email);
        var person = await city.CallerAsync("agent", DeskCity.West, name: "gone");
        (await store.Get<Accounts>().ChangeAsync(person, Name, "nl")).Ok.ShouldBeTrue();
        await using var there = await Elsewhere.NewAsync(kind);
        var file = Path.Combine(there.Folder, "backup.tar.gz");
        (await VerbRun.On(store, "backup", file)).ExitCode.ShouldBe(0);

        (await store.Get<EraseContact>().RunAsync(number, Actor.Anonymous, default)).Refusal.ShouldBeNull();
        (await store.Get<Privacy>().EraseAsync(person, person.Account!.Value)).Refusal.ShouldBeNull();
        await store.SettleAsync();
        var list = Path.Combine(store.Folder, "backups", "erasures.jsonl");
        (await File.ReadAllLinesAsync(list)).Length.ShouldBe(2);

        var restored = await there.RunAsync("restore", file, "--erasures", list);
        restored.ExitCode.ShouldBe(0, restored.Output + restored.Error);
        restored.Json.GetProperty("erased").GetInt32().ShouldBe(2);
        var left = await there.EverythingAsync(store.Database.Maps);
        new[] { Email, Name }.ShouldAllBe(who => !left.Contains(who));
        left.ShouldContain(number, Case.Sensitive, "the report stays");
        (await File.ReadAllLinesAsync(Path.Combine(there.Folder, "backups", "erasures.jsonl"))).Length.ShouldBeGreaterThanOrEqualTo(2, "the next restore knows it too");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_no_place_or_no_backup_is_refused_and_nothing_is_left_behind(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(store.Services);
        await using var there = await Elsewhere.NewAsync(kind);
        var file = Path.Combine(there.Folder, "backup.tar.gz");
        (await VerbRun.On(store, "backup", file)).ExitCode.ShouldBe(0);
        (await VerbRun.On(store, "backup", file)).Error.ShouldContain("is there already");
        (await VerbRun.On(store, "backup", Path.Combine(there.Folder, "no", "such", "folder.tar.gz"))).Error.ShouldContain("cannot be written");
        (await VerbRun.On(store, "restore", file)).Error.ShouldContain("holds a database already");

        var whole = await File.ReadAllBytesAsync(file);
        var bad = Path.Combine(there.Folder, "bad.tar.gz");
        foreach (var damaged in new[] { whole[..(whole.Length / 2)], whole[..^300], Encoding.UTF8.GetBytes("no archive"), await ArchiveAsync(("manifest.json", "{}"u8.ToArray())), await ArchiveAsync(("other", [])) })
        {
            await File.WriteAllBytesAsync(bad, damaged);
            var refused = await there.RunAsync("restore", bad);
            refused.ExitCode.ShouldBe(2, refused.Error);
            refused.Error.ShouldContain("bad.tar.gz");
        }
        var manifest = Encoding.UTF8.GetBytes($$"""{"format":1,"at":"2026-05-04T08:00:00Z","store":"{{store.Database.Name}}","head":0,"migrations":[],"hasFiles":true}""");
        await File.WriteAllBytesAsync(bad, await ArchiveAsync(("manifest.json", manifest), ("../../escaped", [1])));
        (await there.RunAsync("restore", bad)).Error.ShouldContain("does not belong there");
        await File.WriteAllBytesAsync(bad, await ArchiveAsync(("manifest.json", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(manifest).Replace(store.Database.Name, "oracle", StringComparison.Ordinal)))));
        (await there.RunAsync("restore", bad)).Error.ShouldContain("is a backup of oracle");
        var list = Path.Combine(there.Folder, "list.jsonl");
        (await there.RunAsync("restore", file, "--erasures", list)).Error.ShouldContain("list.jsonl: cannot be read");
        await File.WriteAllTextAsync(list, "{\"at\":1}\n");
        (await there.RunAsync("restore", file, "--erasures", list)).Error.ShouldContain("list.jsonl line 1");
        Directory.Exists(Path.Combine(there.Folder, "restore.part")).ShouldBeFalse();

        (await there.RunAsync("restore", file)).ExitCode.ShouldBe(0, "after all these it still can be");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_newer_program_keeps_the_database_as_it_was(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var number = await (await DeskCity.FoundAsync(store.Services)).FileAsync();
        var upgraded = await VerbRun.On(store, parts => parts.Add(new(typeof(TableMap), ThingTables.Map)), "follower", "list");
        upgraded.ExitCode.ShouldBe(0, upgraded.Error);
        upgraded.Error.ShouldContain("The database as it was before the upgrade lies in");
        (await VerbRun.On(store, parts => parts.Add(new(typeof(TableMap), ThingTables.Map)), "follower", "list")).Error.ShouldNotContain("before the upgrade", Case.Insensitive, "once is enough");
        var kept = Directory.GetFiles(Path.Combine(store.Folder, "backups"), "before-upgrade-*.tar.gz").ShouldHaveSingleItem();

        await using var there = await Elsewhere.NewAsync(kind);
        var older = await there.RunAsync("restore", kept);
        older.ExitCode.ShouldBe(0, older.Output + older.Error);
        (await there.RunAsync("reports", "export", "--format", "csv")).Output.ShouldContain(number);
        var newer = await VerbRun.On(store, "follower", "list");
        (newer.ExitCode, newer.Error).ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(2), run => run.Error.ShouldContain("made by a newer program"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task No_file_is_deleted_while_a_backup_is_taken(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var files = store.Get<FileStore>();
        var hash = new string('a', 64);
        await files.SaveAsync(hash, ".png", "orphan"u8.ToArray());
        await using (store.Get<DataFolder>().Take(DataFolder.Backup))
        {
            (await store.Get<SweepFiles>().DeleteOrphansAsync(DateTime.UtcNow.AddDays(1))).ShouldBe(0);
            files.Has(hash, ".png").ShouldBeTrue();
        }
        (await store.Get<SweepFiles>().DeleteOrphansAsync(DateTime.UtcNow.AddDays(1))).ShouldBe(1);
    }

    private static async Task<byte[]> ArchiveAsync(params (string Name, byte[] Content)[] entries)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(gzip))
        {
            foreach (var (name, content) in entries)
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }
        return packed.ToArray();
    }

    private static int Count(List<string> numbers)
    {
        lock (numbers)
        {
            return numbers.Count;
        }
    }

    private static string[] Copy(List<string> numbers)
    {
        lock (numbers)
        {
            return [.. numbers];
        }
    }
}
