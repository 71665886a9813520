using System.Globalization;
using System.Text.RegularExpressions;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>
/// Says in the reader's language what a file holds and what was expected there. Programs and the command line read one English phrase; its words are the key of the text, so that
/// whoever writes a phrase needs to know nothing of languages: <c>a whole number from 1 to 60</c> is <c>ui.fault.aWholeNumberFromTo</c> with 1 and 60, <c>one of a, b</c> is
/// <c>ui.fault.oneOf_</c> with the rest. A module's own phrases lie with its texts.
/// </summary>
internal static partial class FaultWords
{
    /// <summary>What a file holds; what stands there in its own words is not touched.</summary>
    public static string Found(string found, Words words) => OfPart(found, (key, arguments) => words.Find($"ui.found.{key}", arguments)) ?? found;

    /// <summary>What was expected.</summary>
    /// <param name="area">Of the texts that are asked before those of the pages: <c>reports</c>.</param>
    /// <returns>Null when nobody has translated it: it is shown as it is.</returns>
    public static string? Expected(string phrase, string area, Words words)
    {
        string? all = null;
        foreach (var part in phrase.Split("; "))
        {
            if (OfPart(part, (key, arguments) => words.Find($"{area}.fault.{key}", arguments) ?? words.Find($"ui.fault.{key}", arguments)) is not { } said)
            {
                return null;
            }
            all = all is null ? said : words["ui.fault.join", all, said];
        }
        return all;
    }

    private static string? OfPart(string part, Func<string, object[], string?> find)
    {
        if (part.StartsWith('"'))
        {
            return null;
        }
        if (find(KeyOf(part), []) is { } exactly)
        {
            return exactly;
        }
        if (Number().Count(part) > 0 && find(KeyOf(Number().Replace(part, "")), [.. Number().Matches(part).Select(Said)]) is { } counted)
        {
            return counted;
        }
        for (var cut = part.LastIndexOf(' '); cut > 0; cut = part.LastIndexOf(' ', cut - 1))
        {
            if (find(KeyOf(part[..cut]) + "_", [part[(cut + 1)..]]) is { } begun)
            {
                return begun;
            }
        }
        return null;
    }

    /// <summary>A fraction as the reader writes it.</summary>
    private static object Said(Match number) =>
        number.Value.Contains('.', StringComparison.Ordinal) ? decimal.Parse(number.Value, CultureInfo.InvariantCulture).ToString(CultureInfo.CurrentCulture) : number.Value;

    /// <summary>The letters and digits in camelCase.</summary>
    private static string KeyOf(string phrase)
    {
        var key = string.Concat(Word().Matches(phrase).Select(word => char.ToUpperInvariant(word.Value[0]) + word.Value[1..]));
        return key.Length == 0 ? "" : char.ToLowerInvariant(key[0]) + key[1..];
    }

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Number();
}
