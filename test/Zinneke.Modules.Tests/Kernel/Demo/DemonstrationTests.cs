using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Zinneke.Kernel;

namespace Zinneke.Testing.Demo;

public class DemonstrationTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Parts_are_added_once_each_behind_those_it_builds_on(StoreKind kind)
    {
        var made = new List<string>();
        await using var store = await NewAsync(kind, new Part("a.reports", made) { Behind = ["z.city", "nobody"] }, new Part("z.city", made));
        (await store.Get<Demonstration>().AddMissingAsync(default)).ShouldBe(["z.city", "a.reports"]);
        (await store.Get<Demonstration>().AddMissingAsync(default)).ShouldBeEmpty();
        made.ShouldBe(["z.city", "a.reports"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_part_that_broke_off_is_made_again_even_beside_its_own_half(StoreKind kind)
    {
        var made = new List<string>();
        var part = new Part("city", made) { Breaks = true };
        await using var store = await NewAsync(kind, part);
        await Should.ThrowAsync<IOException>(() => store.Get<Demonstration>().AddMissingAsync(default));
        part.Breaks = false;
        part.Others = true;
        (await store.Get<Demonstration>().AddMissingAsync(default)).ShouldBe(["city"]);
        part.Seeds.Distinct().Count().ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_installation_with_data_of_its_own_is_left_alone(StoreKind kind)
    {
        var made = new List<string>();
        await using var store = await NewAsync(kind, new Part("city", made), new Part("reports", made) { Others = true });
        (await Should.ThrowAsync<BadInputException>(() => store.Get<Demonstration>().AddMissingAsync(default))).Message.ShouldContain("reports");
        made.ShouldBeEmpty();
    }

    [Theory, OnPostgres]
    public async Task Of_two_nodes_that_start_at_once_one_makes_it_and_the_other_waits(StoreKind kind)
    {
        var made = new List<string>();
        await using var store = await NewAsync(kind, new Part("city", made) { Takes = TimeSpan.FromMilliseconds(200) });
        var added = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => store.Get<Demonstration>().AddMissingAsync(default)));
        added.SelectMany(names => names).ShouldBe(["city"]);
        made.ShouldBe(["city"]);
    }

    [Fact]
    public async Task Parts_that_wait_for_one_another_are_a_bug()
    {
        await using var store = await NewAsync(StoreKind.Sqlite, new Part("a", []) { Behind = ["b"] }, new Part("b", []) { Behind = ["a"] });
        await Should.ThrowAsync<InvalidOperationException>(() => store.Get<Demonstration>().AddMissingAsync(default));
    }

    private static Task<TestStore> NewAsync(StoreKind kind, params DemoPart[] parts) => TestStore.NewAsync(kind, services =>
    {
        services.RemoveAll<DemoPart>();
        foreach (var part in parts)
        {
            services.AddSingleton(part);
        }
    });

    private sealed class Part(string name, List<string> made) : DemoPart
    {
        public override string Name => name;

        public override IReadOnlyList<string> After => Behind;

        public IReadOnlyList<string> Behind { get; init; } = [];

        public bool Others { get; set; }

        public bool Breaks { get; set; }

        public TimeSpan Takes { get; init; }

        public List<int> Seeds { get; } = [];

        public override Task<bool> FindsOthersAsync(Store store, CancellationToken cancellation) => Task.FromResult(Others);

        public override async Task MakeAsync(DemoStage stage, CancellationToken cancellation)
        {
            Seeds.Add(stage.Chance.Next());
            made.Add(name);
            await Task.Delay(Takes, cancellation);
            if (Breaks)
            {
                throw new IOException("broke off");
            }
        }
    }
}
