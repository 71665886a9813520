using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Site.Tests.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.People;

/// <summary>What is held about a person stands on the page in words, the newest of it; all of it is in the file (K19).</summary>
public sealed class HeldPageTests
{
    [Fact]
    public async Task The_newest_is_shown_in_words_and_the_rest_is_in_the_file()
    {
        await using var site = await TestSite.NewAsync();
        var city = await DeskCity.FoundAsync(site.Services);
        const string address = "noor@example.org";
        var number = await city.FileAsync(words: "report:Un trou profond", email: address);
        await site.SettleAsync();
        await using (var store = site.Get<Database>().Open())
        {
            var report = store.Set<Report>().Single();
            store.AddRange(Enumerable.Range(0, 55).Select(day => new MailRow
            {
                Id = site.Get<Ids>().Next(), Key = BitConverter.GetBytes(day), Notice = "reports.mail.resolved", Address = address, Language = "fr", AboutKind = "report", AboutId = report.Id.ToString(), State = MailState.Digested,
                MadeAt = report.CreatedAt - TimeSpan.FromDays(60 - day).ToMicros(),
            }));
            await store.SaveChangesAsync();
        }
        var noor = new Visitor(site.Client, await city.SignInAsync("agent", DeskCity.West, name: "noor"));
        var html = (await noor.GetAsync("/fr/account")).Html;
        html.ShouldContain("Ce sont les plus récents");
        html.ShouldContain("envoyé dans un résumé");
        html.ShouldContain($"Signalement {number}");
        html.ShouldContain("report:Un trou profond", Case.Sensitive, "what somebody wrote is no name of a thing");
        html.ShouldNotContain("road-hole");
        html.ShouldNotContain("digested");
        html.ShouldNotContain("reports.mail.");
        html.Split("envoyé dans un résumé").Length.ShouldBeInRange(49, 52);
        (await noor.GetAsync("/de/account")).Html.ShouldContain("Das sind die neuesten");

        var all = await site.Get<Privacy>().ExportAsync(new Person(null, address));
        all["kernel.mail"].Count.ShouldBeGreaterThanOrEqualTo(55);
        (await site.Get<Privacy>().ExportAsync(new Person(null, address), 10))["kernel.mail"].Count.ShouldBe(10);
    }
}
