using System.Diagnostics.CodeAnalysis;

namespace Zinneke.Kernel;

/// <summary>The effective settings of this process, read once at its start: command line, else environment, else <c>zinneke.yaml</c>, else default.</summary>
public sealed class Settings
{
    /// <summary>Environment variables with this prefix belong to the tests and are nobody's setting.</summary>
    private const string TestPrefix = "ZINNEKE_TEST_";

    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    private Settings()
    {
    }

    /// <summary>One setting with its value and where it came from.</summary>
    /// <param name="Source">What a message names: <c>option --urls</c>, <c>environment variable ZINNEKE_URLS</c>, <c>zinneke.yaml line 3</c>, or <c>default</c>.</param>
    public sealed record Entry(Setting Setting, object? Value, string Source)
    {
        /// <summary>The value as text, with secrets hidden.</summary>
        public string Shown
        {
            get
            {
                var text = Setting.Show(Value);
                return text.Length > 0 && Setting.Mask is { } mask ? mask(text) : text;
            }
        }
    }

    /// <summary>Every known setting, in the order of names.</summary>
    public IEnumerable<Entry> All => entries.Values.OrderBy(entry => entry.Setting.Name, StringComparer.Ordinal);

    /// <summary>The value of a setting that was contributed.</summary>
    /// <exception cref="InvalidOperationException">Nobody contributed it: a bug.</exception>
    public T Get<T>(Setting<T> setting) =>
        entries.TryGetValue(setting.Name, out var entry) ? (T)entry.Value! : throw new InvalidOperationException($"setting {setting.Name} was never contributed");

    /// <summary>Whether somebody chose a value, even one equal to the default.</summary>
    public bool IsGiven(Setting setting) => entries.TryGetValue(setting.Name, out var entry) && entry.Source != "default";

    /// <summary>Settings for tests: defaults, and these values as an option would give them.</summary>
    public static Settings Of(IEnumerable<Setting> known, params (Setting Setting, string Value)[] values) =>
        Read(known, values.ToDictionary(pair => pair.Setting.Name, pair => pair.Value, StringComparer.Ordinal), new Dictionary<string, string>(), null);

    /// <summary>Reads all sources.</summary>
    /// <param name="known">The contributed settings; two with one name are a bug.</param>
    /// <param name="options">Values of the command line by setting name.</param>
    /// <param name="environment">All environment variables; those that do not begin with <c>ZINNEKE_</c> are left alone.</param>
    /// <param name="yamlPath">A <c>zinneke.yaml</c>, or null.</param>
    /// <exception cref="BadInputException">A setting that is unknown or malformed, by name.</exception>
    public static Settings Read(
        IEnumerable<Setting> known, IReadOnlyDictionary<string, string> options, IReadOnlyDictionary<string, string> environment, string? yamlPath)
    {
        var settings = new Settings();
        foreach (var setting in known)
        {
            if (!settings.entries.TryAdd(setting.Name, new Entry(setting, setting.Fallback, "default")))
            {
                throw new InvalidOperationException($"two settings are named {setting.Name}");
            }
        }
        if (yamlPath is not null)
        {
            settings.Take(YamlSettings.Read(yamlPath, settings.entries.Keys));
        }
        settings.TakeEnvironment(environment);
        settings.Take(options.Select(option => (option.Key, option.Value, $"option {settings.entries[option.Key].Setting.Option}")));
        return settings;
    }

    /// <summary>Reads one value of a setting, naming setting and source when it is malformed.</summary>
    /// <exception cref="BadInputException">The value is not what the setting expects.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a parser throws at a value, the answer is one sentence about that value.")]
    public static object? ReadValue(Setting setting, string text, string source)
    {
        try
        {
            return setting.Read(setting.Many ? text : text.Trim());
        }
        catch (Exception fault)
        {
            var found = setting.Mask is null ? Fault.Shorten(text) : "a value that is not shown";
            throw new BadInputException($"setting {setting.Name} ({source}): found {found}, expected {setting.Expected}", fault);
        }
    }

    private void TakeEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        var byVariable = entries.Values.ToDictionary(entry => entry.Setting.Variable, entry => entry.Setting.Name, StringComparer.Ordinal);
        foreach (var (variable, value) in environment)
        {
            if (!variable.StartsWith("ZINNEKE_", StringComparison.Ordinal) || variable.StartsWith(TestPrefix, StringComparison.Ordinal))
            {
                continue;
            }
            if (!byVariable.TryGetValue(variable, out var name))
            {
                throw new BadInputException($"unknown setting: environment variable {variable}");
            }
            Take([(name, value, $"environment variable {variable}")]);
        }
    }

    private void Take(IEnumerable<(string Name, string Value, string Source)> values)
    {
        foreach (var (name, value, source) in values)
        {
            if (!entries.TryGetValue(name, out var entry))
            {
                throw new BadInputException($"unknown setting {name} ({source})");
            }
            entries[name] = new Entry(entry.Setting, ReadValue(entry.Setting, value, source), source);
        }
    }
}
