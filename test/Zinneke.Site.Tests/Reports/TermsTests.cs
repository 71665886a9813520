using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

public class TermsTests
{
    [Fact]
    public async Task An_installation_says_how_often_reports_move_on_and_how_long_they_can_be_contradicted()
    {
        await using var site = await TestSite.NewAsync(settings: [.. Terms.All.Zip((string[])["1", "5", "2"])]);
        var city = await DeskCity.FoundAsync(site.Services);
        var (west, east, region) = (await city.CallerAsync("agent", DeskCity.West), await city.CallerAsync("agent", DeskCity.East), await city.CallerAsync("agent", DeskCity.Region));
        var number = await city.FileAsync();
        await city.ActAsync(number, "transfer", west, new ActionRequest { Body = DeskCity.East, Reason = "other" });
        await city.ActAsync(number, "transfer", east, new ActionRequest { Body = DeskCity.Water, Reason = "other" });
        (await ReadAsync(site, number)).Holder.ShouldBe(DeskCity.Region, "it has moved once, that is enough here");
        await city.ActAsync(number, "resolve", region, new ActionRequest { Text = Text.Of("fr", "Réparé") });
        (await ReadAsync(site, number)).ClosesAt.ShouldBe(site.Clock.NowMicros() + TimeSpan.FromDays(2).ToMicros());
        site.Clock.Advance(TimeSpan.FromDays(5) + TimeSpan.FromSeconds(1));
        var late = await city.Get<ActOnReport>().RunAsync(number, "reopen", new ActionRequest { Reason = "cameBack" }, new Acting(Caller.Anonymous("fr"), false), city.Get<Writer>().DoAsync, default);
        late.Refusal!.Kind.ShouldBe(RefusalKind.Conflict);
    }

    [Fact]
    public async Task An_installation_says_who_may_reopen()
    {
        await using var site = await TestSite.NewAsync(settings: [(Terms.All.Single(setting => setting.Name == "reports.reopenBy"), "reporter")]);
        var city = await DeskCity.FoundAsync(site.Services);
        var west = await city.CallerAsync("agent", DeskCity.West);
        var number = await city.FileAsync();
        await city.ActAsync(number, "resolve", west, new ActionRequest { Text = Text.Of("fr", "Réparé") });
        Task<Outcome<Guid>> ReopenAsync(Caller caller, bool isReporter) =>
            city.Get<ActOnReport>().RunAsync(number, "reopen", new ActionRequest { Reason = "cameBack" }, new Acting(caller, isReporter), city.Get<Writer>().DoAsync, default);
        (await ReopenAsync(Caller.Anonymous("fr"), false)).Refusal!.Kind.ShouldBe(RefusalKind.Unauthenticated);
        (await ReopenAsync(await city.CallerAsync("agent", DeskCity.East), false)).Refusal!.Kind.ShouldBe(RefusalKind.Forbidden);
        (await ReopenAsync(Caller.Anonymous("fr"), true)).Refusal.ShouldBeNull();
    }

    private static async Task<Report> ReadAsync(TestSite site, string number)
    {
        await using var store = site.Get<Database>().Open();
        return await store.Set<Report>().AsNoTracking().SingleAsync(report => report.Number == number);
    }
}
