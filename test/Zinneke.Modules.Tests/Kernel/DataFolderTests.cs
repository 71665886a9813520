using Zinneke.Kernel;

namespace Zinneke.Testing;

public sealed class DataFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("zinneke-folder-").FullName;

    [Fact]
    public async Task A_server_that_starts_while_a_verb_looks_takes_its_folder_all_the_same()
    {
        var data = new DataFolder(folder);
        data.Take().Dispose();
        var looking = new FileStream(Path.Combine(folder, "zinneke.lock"), FileMode.Open, FileAccess.Read, FileShare.None);
        var taking = Task.Run(data.Take);
        await Task.Delay(50);
        await looking.DisposeAsync();
        using var held = await taking;
        data.IsTaken.ShouldBeTrue();
        Should.Throw<BadInputException>(data.Take).Message.ShouldContain("in use");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
