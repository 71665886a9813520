using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>
/// A named value that somebody may choose: of the whole installation when a module contributes it (<c>services.AddSingleton&lt;Setting&gt;(...)</c>), of one verb
/// when a <see cref="Command"/> lists it. Settings of the installation are read from the command line, then <c>ZINNEKE_*</c>, then <c>zinneke.yaml</c>, then the default.
/// </summary>
/// <param name="Name">camelCase, with the area in front where a module owns it: <c>timeZone</c>, <c>open311.jurisdictionId</c>. <c>timeZone</c> is <c>--time-zone</c>
/// on the command line and <c>ZINNEKE_TIME_ZONE</c> in the environment; the dot of an area becomes <c>-</c> and <c>_</c>.</param>
/// <param name="Help">One sentence for <c>--help</c>, in English.</param>
public abstract record Setting(string Name, string Help)
{
    /// <summary>What a good value looks like, for messages: "a whole number from 1 to 10".</summary>
    public string Expected { get; init; } = "text";

    /// <summary>Without a default: the verb refuses to run when it is not given.</summary>
    public bool Required { get; init; }

    /// <summary>Stands on the command line without a value (<c>--demo</c>) and then means <c>on</c>.</summary>
    public bool Bare { get; init; }

    /// <summary>May be given several times or as a comma list.</summary>
    public bool Many { get; init; }

    /// <summary>How a value is shown by <c>config</c> and in logs: hides passwords and keys.</summary>
    public Func<string, string>? Mask { get; init; }

    public string Option => "--" + Parted('-').ToLowerInvariant();

    public string Variable => "ZINNEKE_" + Parted('_').ToUpperInvariant();

    internal abstract object? Fallback { get; }

    /// <summary>Reads a value.</summary>
    /// <exception cref="FormatException">The text is not what is expected.</exception>
    internal abstract object? Read(string text);

    internal abstract string Show(object? value);

    /// <summary>Any text; null when it is not set and there is no default.</summary>
    public static Setting<string?> Words(string name, string help, string? fallback = null) => new(name, help, fallback, text => text);

    /// <summary>A number of this type within a range.</summary>
    public static Setting<T> Number<T>(string name, string help, T fallback, T min, T max)
        where T : struct, INumber<T> =>
        new(name, help, fallback, text => NumberIn(text, min, max)) { Expected = Range(min, max) };

    /// <summary>A number of this type within a range, or null when it is not set.</summary>
    public static Setting<T?> NumberOrNone<T>(string name, string help, T min, T max)
        where T : struct, INumber<T> =>
        new(name, help, null, text => NumberIn(text, min, max)) { Expected = Range(min, max) };

    /// <summary><c>on</c> or <c>off</c>; <c>true</c> and <c>false</c> are understood.</summary>
    public static Setting<bool> Switch(string name, string help, bool fallback) =>
        new(name, help, fallback, OnOrOff) { Expected = "on or off" };

    /// <summary>Off unless it is named; stands on the command line without a value.</summary>
    public static Setting<bool> Flag(string name, string help) => Switch(name, help, false) with { Bare = true };

    /// <summary>One of a few words.</summary>
    public static Setting<string> Choice(string name, string help, string fallback, params string[] words) =>
        new(name, help, fallback, text => words.Contains(text, StringComparer.Ordinal) ? text : throw new FormatException())
        {
            Expected = "one of " + string.Join(", ", words),
        };

    /// <summary>Words separated by commas, or by being given several times.</summary>
    public static Setting<IReadOnlyList<string>> List(string name, string help, params string[] fallback) =>
        new(name, help, fallback, Several)
        {
            Expected = "words separated by commas",
            Many = true,
        };

    /// <summary>A length of time: <c>90s</c>, <c>15m</c>, <c>2h</c>, <c>30d</c>.</summary>
    public static Setting<TimeSpan> Span(string name, string help, TimeSpan fallback) =>
        new(name, help, fallback, Duration) { Expected = "a length of time such as 90s, 15m, 2h or 30d" };

    /// <summary>An instant as RFC 3339 with its zone.</summary>
    public static Setting<DateTimeOffset?> Instant(string name, string help) =>
        new(name, help, null, text => Rfc3339(text)) { Expected = "an instant with its zone such as 2026-05-04T12:00:00Z" };

    /// <summary>A day, <c>2026-05-04</c>.</summary>
    public static Setting<DateOnly?> Day(string name, string help) =>
        new(name, help, null, text => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture)) { Expected = "a day such as 2026-05-04" };

    /// <summary>An absolute http or https address, or null.</summary>
    public static Setting<Uri?> Link(string name, string help) =>
        new(name, help, null, text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : throw new FormatException())
        {
            Expected = "an address that begins with http:// or https://",
        };

    /// <summary>Words per language: in the file a mapping (<c>fr: …</c>), elsewhere a JSON object, or plain words that serve all four languages.</summary>
    public static Setting<Text> Texts(string name, string help, Text fallback) =>
        new(name, help, fallback, text => text.StartsWith('{') ? JsonSerializer.Deserialize<Text>(text)! : Text.Four(text, text, text, text))
        {
            Expected = "words, or a JSON object from language to words",
        };

    /// <summary>A secret: shown as <c>***</c>.</summary>
    public static Setting<string?> Secret(string name, string help) => Words(name, help) with { Mask = _ => "***" };

    /// <summary>An address without the name and password in it. Made anew of what may be shown: in the text a password may be written otherwise than the parsed address says it.</summary>
    public static string MaskUser(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var uri) ? "***" : uri.UserInfo.Length > 0 ? $"{uri.Scheme}://***@{uri.Authority}{uri.AbsolutePath.TrimEnd('/')}{uri.Query}" : text;

    private static T NumberIn<T>(string text, T min, T max)
        where T : struct, INumber<T> =>
        T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value : throw new FormatException();

    private static string Range<T>(T min, T max)
        where T : struct, INumber<T> =>
        string.Create(CultureInfo.InvariantCulture, $"a {(T.One / (T.One + T.One) == T.Zero ? "whole number" : "number")} from {min} to {max}");

    /// <summary>Arguments come one a line, because a file's name may hold a comma.</summary>
    private static string[] Several(string text) =>
        text.Split(text.Contains('\n', StringComparison.Ordinal) ? '\n' : ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool OnOrOff(string text) => text switch
    {
        "on" or "true" => true,
        "off" or "false" => false,
        _ => throw new FormatException(),
    };

    private static TimeSpan Duration(string text)
    {
        var number = NumberIn(text[..Math.Max(0, text.Length - 1)], 0.0, 1e6);
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => throw new FormatException(),
        };
    }

    private static DateTimeOffset Rfc3339(string text)
    {
        var zoned = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return zoned && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : throw new FormatException();
    }

    private string Parted(char separator)
    {
        var parts = new StringBuilder(Name.Length + 8);
        foreach (var letter in Name)
        {
            if (char.IsAsciiLetterUpper(letter))
            {
                parts.Append(separator);
            }
            parts.Append(letter == '.' ? separator : letter);
        }
        return parts.ToString();
    }
}

/// <summary>A setting whose value has a type; see the factories of <see cref="Setting"/>.</summary>
public sealed record Setting<T>(string Name, string Help, T Default, Func<string, T> Parse) : Setting(Name, Help)
{
    /// <summary>Writes a value as <see cref="Parse"/> reads it; by default invariant text, lists with commas.</summary>
    public Func<T, string>? Format { get; init; }

    internal override object? Fallback => Default;

    internal override object? Read(string text) => Parse(text);

    internal override string Show(object? value) => value switch
    {
        null => "",
        T typed when Format is not null => Format(typed),
        bool on => on ? "on" : "off",
        IEnumerable<string> words => string.Join(',', words),
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeSpan span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds}s"),
        Text text => JsonSerializer.Serialize(text, Json.Options),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
