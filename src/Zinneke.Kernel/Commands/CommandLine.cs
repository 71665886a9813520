using System.CommandLine;
using System.CommandLine.Invocation;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parser = System.CommandLine;

namespace Zinneke.Kernel;

/// <summary>Finds the verb that was typed, reads settings and options, runs it and writes its result (K3). Exit codes: 0 done, 1 a bug, 2 bad input, 3 no feasible answer.</summary>
public static class CommandLine
{
    private static readonly Setting<string?> Out = Setting.Words("out", "Write the result to this file instead of standard output.") with { Expected = "a file" };

    /// <param name="parts">What the modules registered: settings and commands are taken from it as instances, services are made from it when the verb asks.</param>
    /// <param name="args">As typed, without the program's name.</param>
    /// <param name="stop">Cancelled by Ctrl-C: nothing half-written stays, exit code 130.</param>
    [SuppressMessage("Design", "CA1031", Justification = "The outermost place: whatever comes here is a bug, printed with exit code 1.")]
    public static async Task<int> RunAsync(IServiceCollection parts, IReadOnlyList<string> args, Shell shell, CancellationToken stop)
    {
        var progress = new Progress(shell.Error, shell.ErrorIsTerminal, TimeProvider.System);
        try
        {
            return await ParseAndRun(parts, args, shell, progress, stop);
        }
        catch (BadInputException fault)
        {
            progress.Say($"zinneke: {fault.Message}");
            return 2;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            progress.Say("zinneke: stopped");
            return 130;
        }
        catch (Exception fault) when (Mishap.Of(fault) is { } said)
        {
            progress.Say($"zinneke: {said}");
            return 2;
        }
        catch (Exception bug)
        {
            progress.Say($"zinneke: this is a bug, please report it: {bug}");
            return 1;
        }
    }

    private static async Task<int> ParseAndRun(IServiceCollection parts, IReadOnlyList<string> args, Shell shell, Progress progress, CancellationToken stop)
    {
        var settings = Contributed<Setting>(parts);
        var commands = Contributed<Command>(parts);
        if (commands.GroupBy(command => (command.Area, command.Verb)).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"two modules claim the verb {twice.Key.Area} {twice.Key.Verb}");
        }
        var chosen = Named(commands, args);
        var root = Tree(commands, chosen, settings);
        var parsed = root.Parse(args);
        if (parsed.Action is not (null or ParseErrorAction) || args.Count == 0)
        {
            return await (args.Count == 0 ? root.Parse(["--help"]) : parsed).InvokeAsync(new InvocationConfiguration { Output = new StreamWriter(shell.Output) { AutoFlush = true } }, stop);
        }
        if (chosen is null)
        {
            throw new BadInputException(Unknown(commands, args));
        }
        if (parsed.Errors.Count > 0)
        {
            throw new BadInputException(parsed.Errors[0].Message);
        }
        var own = OwnOf(chosen).ToList();
        var shadowed = own.Select(setting => setting.Name).ToHashSet(StringComparer.Ordinal);
        var options = settings.Where(setting => !shadowed.Contains(setting.Name) && Typed(parsed, chosen, setting) is not null).ToDictionary(setting => setting.Name, setting => Typed(parsed, chosen, setting)!);
        var yaml = File.Exists(shell.Yaml) ? shell.Yaml : null;
        var effective = Settings.Read(settings, options, shell.Variables, yaml);
        parts.Replace(ServiceDescriptor.Singleton(effective));
        var given = own.ToDictionary(setting => setting.Name, setting => Given(parsed, chosen, setting), StringComparer.Ordinal);
        await using var call = new Call(parts, effective, given, progress, stop);
        var result = await chosen.Run(call);
        await call.SealAsync();
        progress.Clear();
        await Write(result, chosen.Options.Any(option => option.Name == Out.Name) ? null : call.Get(Out), shell.Output, stop);
        return result.ExitCode;
    }

    /// <summary>Contributions that must be known before a container exists are registered as instances.</summary>
    private static List<T> Contributed<T>(IServiceCollection parts)
        where T : class =>
        [.. parts.Where(part => part.ServiceType == typeof(T)).Select(part => part.ImplementationInstance as T ?? throw new InvalidOperationException($"a {typeof(T).Name} must be registered as an instance"))];

    private static Command? Named(List<Command> commands, IReadOnlyList<string> args) => args.Count == 0
        ? null
        : commands.Find(command => command.Area is null ? command.Verb == args[0] : command.Area == args[0] && args.Count > 1 && command.Verb == args[1]);

    private static string Unknown(List<Command> commands, IReadOnlyList<string> args)
    {
        var verbs = commands.Where(command => command.Area == args[0]).Select(command => command.Verb).ToList();
        return verbs.Count > 0
            ? $"{args[0]} {(args.Count > 1 ? args[1] : "")}: expected one of {string.Join(", ", verbs)}"
            : $"unknown verb {Fault.Shorten(args[0])}; zinneke --help lists all";
    }

    private static IEnumerable<Setting> OwnOf(Command command) =>
        command.Arguments.Concat(command.Options).Concat(command.Options.Any(option => option.Name == Out.Name) ? [] : [Out]);

    /// <summary>All verbs for the help, but options only for the one that was typed: the start stays fast.</summary>
    private static RootCommand Tree(List<Command> commands, Command? chosen, List<Setting> settings)
    {
        var root = new RootCommand("Zinneke, the open city platform. Start the site with: zinneke serve --demo");
        foreach (var area in commands.GroupBy(command => command.Area ?? "", StringComparer.Ordinal).OrderBy(area => area.Key, StringComparer.Ordinal))
        {
            Parser.Command parent = area.Key.Length == 0 ? root : new Parser.Command(area.Key, $"{area.Key}: {string.Join(", ", area.Select(command => command.Verb))}");
            if (parent != root)
            {
                root.Subcommands.Add(parent);
            }
            foreach (var command in area)
            {
                parent.Subcommands.Add(ReferenceEquals(command, chosen) ? Full(command, settings) : new Parser.Command(command.Verb, command.Help));
            }
        }
        return root;
    }

    private static Parser.Command Full(Command command, List<Setting> settings)
    {
        var verb = new Parser.Command(command.Verb, $"{command.Help}\n\nExample:\n  zinneke {command.Example}");
        foreach (var setting in command.Arguments)
        {
            // An array that may hold one value only is refused by the parser.
            Argument argument = setting.Many ? new Argument<string[]>(setting.Name) : new Argument<string>(setting.Name);
            argument.Description = setting.Help;
            argument.Arity = new ArgumentArity(setting.Required ? 1 : 0, setting.Many ? 100_000 : 1);
            verb.Arguments.Add(argument);
        }
        var shown = command.Options.Any(option => option.Name == Out.Name) ? command.Options : [.. command.Options, Out];
        foreach (var option in shown)
        {
            verb.Options.Add(OptionOf(option, hidden: false));
        }
        var taken = shown.Select(option => option.Option).ToHashSet(StringComparer.Ordinal);
        foreach (var setting in settings.Where(setting => !taken.Contains(setting.Option)))
        {
            verb.Options.Add(OptionOf(setting, hidden: !command.ListsSettings && setting.Name is not ("data" or "store")));
        }
        return verb;
    }

    private static Option OptionOf(Setting setting, bool hidden)
    {
        var standard = setting.Show(setting.Fallback);
        Option option = setting.Many ? new Option<string[]>(setting.Option) : new Option<string>(setting.Option);
        option.Description = setting.Help + (standard.Length > 0 && !setting.Bare ? $" [default: {standard}]" : "");
        option.HelpName = setting.Bare ? null : setting.Expected;
        option.Arity = setting.Bare ? ArgumentArity.Zero : setting.Many ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne;
        option.Required = setting.Required;
        option.Hidden = hidden;
        return option;
    }

    /// <summary>What was typed for an option, with several values joined by commas; null when it was not typed.</summary>
    private static string? Typed(ParseResult parsed, Command chosen, Setting setting)
    {
        if (chosen.Arguments.Contains(setting) || parsed.GetResult(setting.Option) is not Parser.Parsing.OptionResult { Implicit: false } result)
        {
            return null;
        }
        return setting.Bare ? "on" : string.Join(',', result.Tokens.Select(token => token.Value));
    }

    private static object? Given(ParseResult parsed, Command chosen, Setting setting)
    {
        if (Typed(parsed, chosen, setting) is { } typed)
        {
            return Settings.ReadValue(setting, typed, $"option {setting.Option}");
        }
        if (chosen.Arguments.Contains(setting) && parsed.GetResult(setting.Name) is Parser.Parsing.ArgumentResult { Tokens.Count: > 0 } argument)
        {
            // A misspelt option before files would otherwise be read as one of them; a file of such a name is ./--name.
            if (argument.Tokens.FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal)) is { } misspelt)
            {
                throw new BadInputException($"unknown option {misspelt.Value}");
            }
            return Settings.ReadValue(setting, string.Join('\n', argument.Tokens.Select(token => token.Value)) + "\n", "argument");
        }
        return setting.Fallback;
    }

    /// <summary>To standard output, or beside the named file and then renamed, so that no half-written file is ever seen.</summary>
    private static async Task Write(Result result, string? path, Stream output, CancellationToken stop)
    {
        if (result.Write is null)
        {
            return;
        }
        if (path is null)
        {
            await result.Write(output, stop);
            await output.FlushAsync(stop);
            return;
        }
        var beside = $"{path}.{Environment.ProcessId}.part";
        try
        {
            await using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                await result.Write(file, stop);
            }
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new BadInputException($"option --out: cannot write {path}: {fault.Message}", fault);
        }
        finally
        {
            if (File.Exists(beside))
            {
                File.Delete(beside);
            }
        }
    }
}
