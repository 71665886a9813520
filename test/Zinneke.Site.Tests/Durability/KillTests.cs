namespace Zinneke.Testing.Durability;

/// <summary>kill -9 in the middle of 1,000 submissions, three times, on both stores: what was acknowledged is there, nothing is there twice, the log stays dense.</summary>
public class KillTests
{
    private const int Submissions = 1000;
    private const int Clients = 8;
    private static readonly int[] KillAfter = [150, 300, 250];

    [Theory, OnSqlite, OnPostgres]
    public async Task Nothing_acknowledged_is_lost_or_doubled(StoreKind kind)
    {
        var folder = Directory.CreateTempSubdirectory("zinneke-kill-").FullName;
        var store = await TemplateDatabase.EmptyAsync(kind);
        try
        {
            await SmallCity.ImportAsync(folder, store, RealServer.VerbAsync);
            var submitting = new Submitting(Submissions);
            var random = new Random(20260504);
            foreach (var after in KillAfter)
            {
                await using var server = await RealServer.StartAsync(folder, store, RealServer.FreePort());
                var until = submitting.Acknowledged.Count + after + random.Next(50);
                var sending = Enumerable.Range(0, Clients).Select(_ => submitting.SendAsync(server.Address)).ToList();
                while (submitting.Acknowledged.Count < until && sending.Exists(s => !s.IsCompleted))
                {
                    await Task.Delay(1);
                }
                await server.KillAsync();
                await Task.WhenAll(sending);
            }
            await using var last = await RealServer.StartAsync(folder, store, RealServer.FreePort());
            var before = submitting.Acknowledged.ToDictionary();
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => submitting.SendAsync(last.Address)));
            await submitting.SendAgainAsync(last.Address, before.Take(50)); // Acknowledged before a kill: the same report, not another.
            await submitting.CheckAsync(last.Address);
        }
        finally
        {
            await TemplateDatabase.DropAsync(store);
            Directory.Delete(folder, recursive: true);
        }
    }
}
