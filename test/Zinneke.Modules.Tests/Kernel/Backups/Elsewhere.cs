using Zinneke.Kernel;
using Zinneke.Testing.Reports;

namespace Zinneke.Modules.Tests.Kernel.Backups;

/// <summary>Another folder and another database, on which verbs are run as they are typed.</summary>
internal sealed class Elsewhere : IAsyncDisposable
{
    private Elsewhere(string folder, string store) => (Folder, Store) = (folder, store);

    public string Folder { get; }

    public string Store { get; }

    public static async Task<Elsewhere> NewAsync(StoreKind kind) =>
        new(Directory.CreateTempSubdirectory("zinneke-elsewhere-").FullName, await TemplateDatabase.EmptyAsync(kind));

    public Task<VerbRun> RunAsync(params string[] args) => VerbRun.In(Folder, Store, args);

    /// <summary>Every field of every row of every table, and what the log says.</summary>
    public async Task<string> EverythingAsync(IReadOnlyList<TableMap> maps)
    {
        await using var database = Database.Of(Store, Path.Combine(Folder, "zinneke.db"), maps);
        return await StoredWords.AllAsync(database);
    }

    public async ValueTask DisposeAsync()
    {
        await TemplateDatabase.DropAsync(Store);
        Directory.Delete(Folder, recursive: true);
    }
}
