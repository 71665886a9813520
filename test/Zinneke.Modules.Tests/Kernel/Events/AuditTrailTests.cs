using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;

namespace Zinneke.Testing.Events;

/// <summary>What lies beside the log is held against it: nobody alters it unseen, and erasing is no altering.</summary>
public class AuditTrailTests
{
    private static readonly Subject Thing = new("thing", "a");

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_altered_shows_and_what_was_erased_does_not_look_like_it(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind);
        for (var version = 1; version <= 7; version++)
        {
            var audit = version == 7 ? null : new Audit(new { count = version - 1 }, new { count = version, name = "é" });
            await store.Writer.DoAsync(Actor.System, unit =>
            {
                unit.Publish(Thing, version, new ThingCounted(version), audit: audit);
                return Task.CompletedTask;
            });
        }
        await store.SettleAsync();
        var trail = await store.Get<AuditTrail>().OfAsync(Thing);
        trail.Select(one => one.State).ShouldBe([.. Enumerable.Repeat(AuditState.Intact, 6), AuditState.None]);
        (trail[3].Before!["count"]!.GetValue<int>(), trail[3].After!["name"]!.GetValue<string>(), trail[3].Event.SubjectVersion).ShouldBe((3, "é", 4));

        await using (var context = store.Database.Open())
        {
            var rows = await context.Set<AuditRow>().ToDictionaryAsync(row => row.EventId);
            AuditRow Row(int nth) => rows[trail[nth].Event.Id];
            (Row(1).Before, Row(1).After, Row(1).Salt) = (null, null, null);
            Row(2).After = Row(2).After!.Replace("3", "4", StringComparison.Ordinal);
            context.Remove(Row(3));
            Row(4).Salt = "another";
            Row(5).Before = "no json";
            await context.SaveChangesAsync();
        }
        trail = await store.Get<AuditTrail>().OfAsync(Thing);
        trail.Select(one => one.State).ShouldBe([AuditState.Intact, AuditState.Erased, AuditState.Altered, AuditState.Altered, AuditState.Altered, AuditState.Altered, AuditState.None]);
        (trail[1].Before, trail[1].After, trail[5].Before).ShouldBe((null, null, null));
        (await store.Get<AuditTrail>().OfAsync(new Subject("thing", "b"))).ShouldBeEmpty();
    }
}
