using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary><c>verify</c> finds what was altered behind the program's back, and takes an erasure for what it is (K14, K30).</summary>
public class VerifyInstallationTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_city_that_lives_and_erases_is_whole(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var (city, number) = await LiveAsync(store);
        (await store.Get<EraseContact>().RunAsync(number, Actor.Anonymous, default)).Refusal.ShouldBeNull();
        var person = await city.CallerAsync("agent", DeskCity.West, name: "gone");
        (await store.Get<Accounts>().ChangeAsync(person, "Vanishing", "nl")).Ok.ShouldBeTrue();
        (await store.Get<Privacy>().EraseAsync(person, person.Account!.Value)).Refusal.ShouldBeNull();
        var run = await VerbRun.On(store, "verify");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Json.GetProperty("wrong").GetInt64().ShouldBe(0);
        var looked = run.Json.GetProperty("looked");
        looked.GetProperty("kernel.log").GetInt64().ShouldBeGreaterThan(5);
        looked.GetProperty("kernel.schema").GetInt64().ShouldBeGreaterThan(20);
        (looked.GetProperty("kernel.files").GetInt64(), looked.GetProperty("reports.report").GetInt64()).ShouldBe((1, 1));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_altered_is_named(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var (city, number) = await LiveAsync(store);
        var person = await city.CallerAsync("agent", DeskCity.West, name: "ada");
        (await store.Get<Accounts>().ChangeAsync(person, "Ada", "nl")).Ok.ShouldBeTrue();
        await VerbRun.On(store, "verify"); // Seals.
        async Task<string> WrongAsync(string sql)
        {
            await ExecuteAsync(store, sql);
            var run = await VerbRun.On(store, "verify");
            run.ExitCode.ShouldBe(3, run.Output + run.Error);
            return string.Join('\n', run.Json.GetProperty("faults").EnumerateArray().Select(fault => $"{fault.GetProperty("check").GetString()} {fault.GetProperty("about").GetString()}: {fault.GetProperty("wrong").GetString()}"));
        }
        (await WrongAsync("UPDATE audit SET \"after\" = '{\"name\":\"Eve\"}' WHERE subject_kind = 'account'")).ShouldContain("what lay before and after is not what was written then");
        (await WrongAsync("UPDATE audit SET \"before\" = NULL, \"after\" = NULL, salt = NULL WHERE subject_kind = 'account'; UPDATE log SET body = 'water' WHERE position = 2")).ShouldStartWith("kernel.log position 2: the event is not what was written then");
        (await WrongAsync("DELETE FROM log WHERE position = 3")).ShouldContain("position 3: the log has a gap");
        (await WrongAsync("DELETE FROM accounts")).ShouldContain("has sessions, roles, tokens or a residence and is not there");

        await using var read = store.Database.Open();
        var file = await read.Set<StoredFile>().SingleAsync();
        var path = store.Get<FileStore>().PathOf(file.Hash, file.Ending);
        await File.WriteAllTextAsync(path, "other");
        (await WrongAsync("DELETE FROM reports_words")).ShouldContain($"file {file.Id}: {file.Hash}.png holds something else");
        File.Delete(path);
        (await WrongAsync("UPDATE reports_photos SET file_id = report_id")).ShouldContain($"{file.Hash}.png is missing");
        (await WrongAsync("SELECT 1")).ShouldContain("its file is not there");
        (await WrongAsync("ALTER TABLE idempotency_keys DROP COLUMN answer")).ShouldContain("kernel.schema idempotency_keys: the column answer is missing");
        (await WrongAsync($"DELETE FROM reports_reports WHERE number = '{number}'")).ShouldContain("is not there and has a history");
    }

    private static async Task<(DeskCity City, string Number)> LiveAsync(TestStore store)
    {
        var city = await DeskCity.FoundAsync(store.Services);
        var number = await city.FileAsync(email: "ada@example.org");
        await using var photo = (await IncomingPhoto.ReadAsync(new MemoryStream(Pictures.Png(40, 30)), city.Get<FileStore>())).Value;
        (await city.Get<AddPhotos>().RunAsync(number, [photo], new Acting(Caller.Anonymous("fr"), IsReporter: true), default)).Refusal.ShouldBeNull();
        await city.ActAsync(number, "accept", await city.CallerAsync("agent", DeskCity.West));
        return (city, number);
    }

    private static async Task ExecuteAsync(TestStore store, string sql)
    {
        await using var connection = await store.Database.ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
