using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Kernel;

/// <summary>Verbs: what they read, write and answer to the shell (kernel.md K3).</summary>
public sealed class CommandLineTests : IDisposable
{
    private static readonly Setting<IReadOnlyList<string>> Files = Setting.List("files", "Files to read.") with { Required = true };
    private static readonly Setting<int> Radius = Setting.Number("radius", "Metres.", 20, 1, 250);
    private static readonly Setting<bool> Closed = Setting.Flag("closed", "Back to the start.");
    private static readonly Setting<string?> Role = Setting.Words("role", "Of a person: another word than the server's.");
    private readonly string folder = Directory.CreateTempSubdirectory("zinneke-verbs-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_verb_gets_arguments_options_and_settings_and_answers_with_json()
    {
        var (code, output, _) = await RunAsync("things", "count", "a,b.csv", "c.csv", "--radius", "30", "--closed", "--role", "dispatcher", "--data", folder);
        code.ShouldBe(0);
        output.ShouldBe($"{{\"files\":[\"a,b.csv\",\"c.csv\"],\"radius\":30,\"closed\":true,\"role\":\"dispatcher\",\"data\":\"{folder}\"}}");
    }

    [Fact]
    public async Task What_is_not_given_has_its_default()
    {
        var (code, output, _) = await RunAsync("things", "count", "c.csv");
        code.ShouldBe(0);
        output.ShouldBe("{\"files\":[\"c.csv\"],\"radius\":20,\"closed\":false,\"role\":null,\"data\":\"var\"}");
    }

    [Theory]
    [InlineData("things count", "'files'")]
    [InlineData("things count a --radius 300", "setting radius (option --radius): found 300, expected a whole number from 1 to 250")]
    [InlineData("things count a --colour blue", "unknown option --colour")]
    [InlineData("things dance", "things dance: expected one of count, plan, fail, bug, break, wait")]
    [InlineData("nothing", "unknown verb nothing")]
    [InlineData("things fail", "cases.csv: line 7, value: found x, expected a number")]
    [InlineData("things count a --quota maybe", "setting quota (option --quota): found maybe, expected on or off")]
    public async Task Bad_input_is_one_message_and_exit_code_2(string line, string message)
    {
        var (code, output, error) = await RunAsync(line.Split(' '));
        code.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldContain(message);
        error.Trim().Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task No_feasible_answer_is_exit_code_3_with_the_explanation()
    {
        var (code, output, _) = await RunAsync("things", "plan");
        code.ShouldBe(3);
        output.ShouldBe("{\"reason\":\"noRoute\"}");
    }

    /// <summary>What goes wrong around the program is no bug of it.</summary>
    [Theory]
    [InlineData("follower list --store postgres:Host=127.0.0.1;Port=1;Username=x", "PostgreSQL cannot be reached", "--store")]
    [InlineData("follower list --data /proc/1/nowhere", "", "/proc/1/nowhere")]
    public async Task A_mishap_is_exit_code_2_and_says_what_to_do(string line, string what, string where)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(Installation.Parts([new KernelModule()]), line.Split(' '), new Shell(output, error, new Dictionary<string, string>()) { Yaml = Path.Combine(folder, "none.yaml") }, default);
        (code, error.ToString().Trim().Split('\n').Length).ShouldBe((2, 1), error.ToString());
        error.ToString().ShouldContain(what);
        error.ToString().ShouldContain(where);
    }

    [Fact]
    public async Task A_bug_is_exit_code_1() => (await RunAsync("things", "bug")).Code.ShouldBe(1);

    [Fact]
    public async Task Out_writes_the_file_whole_or_not_at_all()
    {
        var path = Path.Combine(folder, "out.json");
        var (code, output, _) = await RunAsync("things", "count", "c.csv", "--out", path);
        code.ShouldBe(0);
        output.ShouldBeEmpty();
        (await File.ReadAllTextAsync(path)).ShouldStartWith("{\"files\"");

        await File.WriteAllTextAsync(path, "before");
        (await RunAsync("things", "break", "--out", path)).Code.ShouldBe(1);
        (await File.ReadAllTextAsync(path)).ShouldBe("before");
        Directory.GetFiles(folder).ShouldBe([path]);

        (await RunAsync("things", "count", "c.csv", "--out", Path.Combine(folder, "no", "where.json"))).Code.ShouldBe(2);
    }

    [Fact]
    public async Task Ctrl_C_leaves_nothing_half_written()
    {
        var path = Path.Combine(folder, "out.json");
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var (code, _, _) = await RunAsync(["things", "wait", "--out", path], stop.Token);
        code.ShouldBe(130);
        Directory.GetFiles(folder).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--help", "things")]
    [InlineData("things --help", "count")]
    [InlineData("things count --help", "zinneke things count a.csv --radius 30")]
    public async Task Help_is_everywhere_with_an_example(string line, string found)
    {
        var (code, output, _) = await RunAsync(line.Split(' '));
        code.ShouldBe(0);
        output.ShouldContain(found);
    }

    [Fact]
    public async Task Files_that_are_packed_are_unpacked()
    {
        var path = Path.Combine(folder, "a.csv.gz");
        await using (var file = File.Create(path))
        await using (var packed = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest))
        {
            packed.Write("id\n1\n"u8);
        }
        using var reader = new StreamReader(Call.Open(path));
        (await reader.ReadToEndAsync()).ShouldBe("id\n1\n");
        Should.Throw<BadInputException>(() => Call.Open(Path.Combine(folder, "none.csv"))).Message.ShouldContain("none.csv");
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] args) => RunAsync(args, CancellationToken.None);

    private async Task<(int Code, string Output, string Error)> RunAsync(string[] args, CancellationToken stop)
    {
        var parts = new ServiceCollection();
        foreach (var setting in KernelSettings.All)
        {
            parts.AddSingleton(setting);
        }
        foreach (var verb in Verbs())
        {
            parts.AddSingleton(verb);
        }
        using var output = new MemoryStream();
        await using var error = new StringWriter();
        var code = await CommandLine.RunAsync(parts, args, new Shell(output, error, new Dictionary<string, string>()) { Yaml = Path.Combine(folder, "none.yaml") }, stop);
        return (code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    private static IEnumerable<Command> Verbs()
    {
        yield return new Command("things", "count", "Counts things.", "things count a.csv --radius 30")
        {
            Arguments = [Files],
            Options = [Radius, Closed, Role],
            Run = call => Task.FromResult(Result.Of(new
            {
                files = call.Get(Files), radius = call.Get(Radius), closed = call.Get(Closed), role = call.Get(Role), data = call.Get(KernelSettings.Data),
            })),
        };
        yield return new Command("things", "plan", "Plans.", "things plan") { Run = _ => Task.FromResult(Result.NoAnswer(new { reason = "noRoute" })) };
        yield return new Command("things", "fail", "Fails.", "things fail") { Run = _ => throw new BadInputException("cases.csv", new Fault(7, "value", "x", "a number")) };
        yield return new Command("things", "bug", "Is wrong.", "things bug") { Run = _ => throw new InvalidOperationException("wrong") };
        yield return new Command("things", "break", "Breaks while writing.", "things break")
        {
            Run = _ => Task.FromResult(Result.Stream(async (stream, cancellation) =>
            {
                await stream.WriteAsync("half"u8.ToArray(), cancellation);
                throw new InvalidOperationException("broken");
            })),
        };
        yield return new Command("things", "wait", "Waits while writing.", "things wait")
        {
            Run = _ => Task.FromResult(Result.Stream(async (stream, cancellation) =>
            {
                await stream.WriteAsync("half"u8.ToArray(), cancellation);
                await Task.Delay(Timeout.Infinite, cancellation);
            })),
        };
    }
}
