using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Testing.Kernel;

/// <summary>Logos come with the file of bodies and go with it: the same state here and elsewhere, and earlier ones can be put back.</summary>
public class BodyLogosTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_file_taken_along_brings_the_logo_to_another_installation(StoreKind kind)
    {
        await using var one = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(one.Services);
        (await TakeAsync(one, WithLogo(Pictures.WithMetadata(Pictures.Png(64, 64), 1)))).Refusals.ShouldBeEmpty();
        var file = await WholeAsync(one);
        file.ShouldContain("data:image/png;base64,");
        (await one.Get<ImportBodies>().CheckAsync(Stream(file), "bodies", ImportOptions.None, default)).Same.ShouldBeTrue();

        await using var other = await TestStore.NewAsync(kind);
        (await TakeAsync(other, file)).Refusals.ShouldBeEmpty();
        (await WholeAsync(other)).ShouldBe(file);
        await using var store = other.Database.Open();
        var logo = await store.Set<StoredFile>().SingleAsync();
        (logo.Visibility, logo.ExpiresAt).ShouldBe((FileVisibility.Public, null));
        (await BodyMap.ReadAsync(store)).Single(body => body.Id == DeskCity.West).Logo.ShouldBe(logo.Hash);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_map_of_bodies_shows_the_logo_once_it_is_drawn_and_an_earlier_one_put_back(StoreKind kind)
    {
        await using var installation = await TestStore.NewAsync(kind);
        var city = await DeskCity.FoundAsync(installation.Services);
        await TakeAsync(installation, WithLogo(Pictures.Png(64, 64)));
        var bodies = installation.Get<BodyMap>();
        await city.ReloadAsync();
        bodies.LogoOf(bodies.Find(DeskCity.West)!).ShouldBeNull("it is still to be drawn");
        await installation.Get<DrawFiles>().AllAsync();
        await city.ReloadAsync();
        var first = bodies.LogoOf(bodies.Find(DeskCity.West)!).ShouldNotBeNull();
        first.ShouldEndWith("/thumb.jpg");
        bodies.LogoOf(bodies.Find(DeskCity.East)!).ShouldBeNull();

        string before;
        await using (var store = installation.Database.Open())
        {
            before = (await CatalogueRow.CurrentAsync(store, Body.Catalogue))!.Text; // Names the picture only.
        }
        await TakeAsync(installation, WithLogo(Pictures.Jpeg(80, 60)));
        await installation.Get<DrawFiles>().AllAsync();
        await city.ReloadAsync();
        bodies.LogoOf(bodies.Find(DeskCity.West)!).ShouldNotBe(first);
        (await TakeAsync(installation, before)).Refusals.ShouldBeEmpty();
        await city.ReloadAsync();
        bodies.LogoOf(bodies.Find(DeskCity.West)!).ShouldBe(first);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_logo_that_is_no_picture_or_was_never_sent_is_refused(StoreKind kind)
    {
        await using var installation = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(installation.Services);
        (await TakeAsync(installation, WithLogo("<svg/>"u8.ToArray()))).Refusals.Single().Field.ShouldBe("bodies[0].logo");
        (await TakeAsync(installation, With(new string('a', 64)))).Refusals.Single().Field.ShouldBe("bodies[0].logo");
        await using var store = installation.Database.Open();
        (await store.Set<StoredFile>().CountAsync()).ShouldBe(0);
    }

    [Theory, OnSqlite]
    public async Task A_photo_that_was_held_sideways_stands_upright_and_stays_so(StoreKind kind)
    {
        await using var installation = await TestStore.NewAsync(kind);
        await DeskCity.FoundAsync(installation.Services);
        (await TakeAsync(installation, WithLogo(Pictures.WithMetadata(Pictures.Jpeg(90, 60), 6)))).Refusals.ShouldBeEmpty();
        await using var store = installation.Database.Open();
        var logo = await store.Set<StoredFile>().SingleAsync();
        (logo.Width, logo.Height, logo.Orientation).ShouldBe((60, 90, 1));
        (await installation.Get<ImportBodies>().CheckAsync(Stream(await WholeAsync(installation)), "bodies", ImportOptions.None, default)).Same.ShouldBeTrue();
    }

    private static string WithLogo(byte[] picture) => With("data:image/png;base64," + Convert.ToBase64String(picture));

    private static string With(string logo)
    {
        var list = JsonNode.Parse(DeskCity.Bodies)!;
        list["bodies"]![0]!["logo"] = logo;
        return list.ToJsonString();
    }

    private static async Task<ImportSummary> TakeAsync(TestStore installation, string file) => await installation.Get<ImportBodies>().RunAsync(Stream(file), "bodies", Actor.System, default);

    private static async Task<string> WholeAsync(TestStore installation)
    {
        await using var store = installation.Database.Open();
        var file = new MemoryStream();
        (await installation.Get<ImportBodies>().ExportWholeAsync(store, file, ImportOptions.None, default)).ShouldBeTrue();
        return Encoding.UTF8.GetString(file.ToArray());
    }

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
