using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>What a migration fills in for data that were there before is what the program would have written itself.</summary>
public class BackfillTests
{
    /// <summary>The schema as it was before migrations 0050 and 0051.</summary>
    private static readonly string[] Undo =
    [
        "DROP INDEX ix_reports_reports_closes_at_id", "ALTER TABLE reports_reports DROP COLUMN closes_at", "DROP TABLE reports_reminders", "ALTER TABLE reports_entries DROP COLUMN acting_body",
        "DELETE FROM migrations WHERE name IN ('reports/0050_clock', 'reports/0051_acting_bodies')",
    ];

    [Theory, OnSqlite, OnPostgres]
    public async Task Solved_reports_close_by_themselves_and_lines_say_in_whose_name(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        var (west, east, region) = (await city.CallerAsync("agent", DeskCity.West), await city.CallerAsync("agent", DeskCity.East), await city.CallerAsync("agent", DeskCity.Region));
        var (solved, contradicted) = (await city.FileAsync(), await city.FileAsync());
        await DoAsync(city, solved, ("accept", west, null), ("resolve", west, null));
        await DoAsync(city, contradicted, ("transfer", west, DeskCity.East), ("reject", east, DeskCity.West), ("accept", west, null), ("resolve", west, null));
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        (await city.Get<ActOnReport>().RunAsync(contradicted, "reopen", new ActionRequest { Reason = "notSolved" }, new Acting(Caller.Anonymous("fr"), false), store.Writer.DoAsync, default)).Refusal.ShouldBeNull();
        (await city.Get<ActOnReport>().RunAsync(contradicted, "comment", new ActionRequest { Text = Text.Of("fr", "Encore là") }, new Acting(Caller.Anonymous("fr"), true), store.Writer.DoAsync, default)).Refusal.ShouldBeNull();
        await DoAsync(city, contradicted, ("transfer", west, DeskCity.Region), ("accept", region, null));
        var history = VerbRun.FileOf("history.csv", "external_id,created_at,closed_at,updated_at,state,category,description,lon,lat,channel,lang\nA,2024-01-02T10:00:00+01:00,2024-01-03T10:00:00+01:00,,resolved,road-hole,Un trou,4.35,50.85,app,fr\n");
        (await VerbRun.On(store, "import", "reports", history)).ExitCode.ShouldBe(0);

        var (closing, acting) = await ReadAsync(store);
        closing.Count(one => one.ClosesAt is not null).ShouldBe(1);
        await using (var connection = await store.Database.ConnectAsync())
        {
            foreach (var step in Undo)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = step;
                await command.ExecuteNonQueryAsync();
            }
        }
        (await new Migrator(store.Database, store.Clock).MigrateAsync()).ShouldBe(["reports/0050_clock", "reports/0051_acting_bodies"]);
        var (closingNow, actingNow) = await ReadAsync(store);
        closingNow.ShouldBe(closing);
        actingNow.ShouldBe(acting);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Support_of_before_addresses_were_marked_is_forgotten_like_an_address(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(store.Services);
        await city.FileAsync();
        await using (var connection = await store.Database.ConnectAsync())
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = """
                INSERT INTO reports_supports (report_id, "by", at) SELECT id, 'once', 1 FROM reports_reports UNION ALL SELECT id, 'twice', 1 FROM reports_reports UNION ALL SELECT id, 'net-twice', 2 FROM reports_reports;
                DELETE FROM migrations WHERE name = 'reports/0087_supports'
                """;
            await command.ExecuteNonQueryAsync();
        }
        (await new Migrator(store.Database, store.Clock).MigrateAsync()).ShouldBe(["reports/0087_supports"]);
        await using (var read = store.Database.Open())
        {
            (await read.Set<ReportSupport>().OrderBy(support => support.By).Select(support => support.By).ToListAsync()).ShouldBe(["net-once", "net-twice"]);
        }
        (await store.Get<RetainReports>().RunAsync(store.Clock.NowMicros(), default))["devices"].ShouldBe(2);
    }

    private static async Task DoAsync(DeskCity city, string number, params (string Action, Caller By, string? To)[] steps)
    {
        foreach (var (action, by, to) in steps)
        {
            ((ManualClock)city.Get<TimeProvider>()).Advance(TimeSpan.FromMinutes(1));
            var request = new ActionRequest { Body = to, Reason = to is null ? null : "other", Text = action == "resolve" ? Text.Of("fr", "C’est réparé.") : null };
            await city.ActAsync(number, action, by, request);
        }
    }

    private static async Task<(List<(string Number, long? ClosesAt)> Closing, List<(string Action, string? By)> Acting)> ReadAsync(TestStore store)
    {
        await using var read = store.Database.Open();
        var reports = await read.Set<Report>().AsNoTracking().OrderBy(report => report.Number).ToListAsync();
        var entries = await read.Set<ReportEntry>().AsNoTracking().OrderBy(entry => entry.ReportId).ThenBy(entry => entry.At).ThenBy(entry => entry.Id).ToListAsync();
        return (reports.ConvertAll(report => (report.Number, report.ClosesAt)), entries.ConvertAll(entry => (entry.Action, entry.ActingBody)));
    }
}
