using System.Net;
using System.Text.RegularExpressions;
using Zinneke.Kernel;
using Zinneke.Reports;
using Zinneke.Testing.Reports;

namespace Zinneke.Site.Tests.Reports;

/// <summary>What is it? What is offered to whom (R3).</summary>
[Collection(TwoTowns.Collection)]
public partial class WhatPageTests(TwoTowns towns)
{
    private const double Lon = 4.372, Lat = 50.884;
    private readonly TestSite site = towns.Site;

    [Fact]
    public async Task What_is_most_reported_nearby_comes_first_and_professionals_find_their_own()
    {
        foreach (var (category, times) in new[] { ("road-inspection", 6), ("road-hole", 5), ("clean-dump", 4), ("clean-noise", 3), ("clean-needles", 2) })
        {
            for (var i = 0; i < times; i++)
            {
                await FileAsync(category);
            }
        }
        await site.Get<FollowerRunner>().CaughtUpAsync(default);
        var resident = await AtWhatAsync(null);
        Usual(resident).ShouldBe(["road-hole", "clean-dump", "clean-noise", "clean-needles"]);
        Codes(resident).ShouldNotContain("road-inspection");
        Codes(await FindAsync(null, "contrôle")).ShouldNotContain("road-inspection");

        var city = new DeskCity(site.Services);
        var dispatcher = "zinneke=" + await city.SignInAsync("dispatcher", "west", name: "dispatcher.what");
        var staff = await AtWhatAsync(dispatcher);
        Usual(staff).ShouldBe(["road-inspection", "road-hole", "clean-dump", "clean-noise"]);
        Codes(staff).Count(code => code == "road-inspection").ShouldBe(2, "above, and in the tree");
        Codes(await FindAsync(dispatcher, "contrôle"))[0].ShouldBe("road-inspection");
        var details = await PlainForm.PostAsync(site, "/fr/reports/new", dispatcher, [], [("state", staff.Hidden("state")), ("step", "what"), ("category", "road-inspection")]);
        (details.Status, details.Hidden("step")).ShouldBe((HttpStatusCode.OK, "details"));
    }

    private Task<PlainForm> AtWhatAsync(string? cookie) => SendAsync(cookie, ("lon", "4.372"), ("lat", "50.884"));

    private async Task<PlainForm> FindAsync(string? cookie, string words)
    {
        var what = await AtWhatAsync(cookie);
        return await PlainForm.PostAsync(site, "/fr/reports/new", cookie, [], [("state", what.Hidden("state")), ("step", "what"), ("q", words), ("search", "1")]);
    }

    private async Task<PlainForm> SendAsync(string? cookie, params (string, string)[] fields)
    {
        var where = await PlainForm.OpenAsync(site, "/fr/reports/new", cookie);
        return await PlainForm.PostAsync(site, "/fr/reports/new", cookie, [], [("state", where.Hidden("state")), ("step", "where"), ("frame", where.Hidden("frame")), .. fields]);
    }

    private async Task FileAsync(string category)
    {
        var answers = category switch { "clean-dump" => Answers.Parse("volume=lt1"), "clean-needles" => Answers.Parse("where=ground"), _ => Answers.None };
        var sent = new NewReport
        {
            ClientId = site.Get<Ids>().Next(), Category = category, Lon = Lon, Lat = Lat, Lang = "fr", Answers = answers, Contact = new NewContact { Email = "what@example.org" },
        };
        (await site.Get<FileReport>().RunAsync(sent, [], new Sender(Actor.Anonymous, null, true), site.Get<Writer>().DoAsync, default)).Refusal.ShouldBeNull();
    }

    /// <summary>The leaves above the tree, in their order.</summary>
    private static List<string> Usual(PlainForm page) => Codes(page with { Html = page.Html.Split("class=\"tree\"")[0] });

    private static List<string> Codes(PlainForm page) => [.. Leaf().Matches(page.Html).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("<button name=\"category\" value=\"([^\"]+)\"")]
    private static partial Regex Leaf();
}
