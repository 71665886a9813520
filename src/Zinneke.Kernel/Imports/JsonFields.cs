using System.Globalization;
using System.Text.Json;

namespace Zinneke.Kernel;

/// <summary>
/// Reads the members of one object of a <see cref="JsonTree"/>. Each fault is gathered with line and path, and reading goes on with a harmless value, so that one
/// pass finds every fault of a file.
/// </summary>
public sealed class JsonFields
{
    private readonly JsonTree node;
    private readonly Faults faults;
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    /// <param name="node">What should be an object; anything else is a fault.</param>
    public JsonFields(JsonTree node, Faults faults)
    {
        this.node = node;
        this.faults = faults;
        if (node.Kind != JsonValueKind.Object)
        {
            faults.Add(node, "an object");
        }
    }

    public int Line => node.Line;

    public string Path => node.Path;

    /// <summary>The member, or null when it is missing or null.</summary>
    public JsonTree? Optional(string name)
    {
        asked.Add(name);
        return node.Kind == JsonValueKind.Object && node.Member(name) is { Kind: not JsonValueKind.Null } value ? value : null;
    }

    /// <summary>The member; its absence is a fault.</summary>
    public JsonTree? Required(string name, string expected)
    {
        var value = Optional(name);
        if (value is null && node.Kind == JsonValueKind.Object)
        {
            faults.Add(node.Line, PathOf(name), node.Member(name) is null ? "nothing" : "null", expected);
        }
        return value;
    }

    /// <summary>Says that this member is wrong.</summary>
    public void Fault(string name, string expected) => Fault(name, expected, secret: false);

    /// <param name="secret">What was found is not repeated.</param>
    public void Fault(string name, string expected, bool secret)
    {
        if (secret && node.Member(name) is not null)
        {
            faults.Add(node.Line, PathOf(name), "***", expected);
        }
        else if (node.Member(name) is { } value)
        {
            faults.Add(value, expected);
        }
        else
        {
            faults.Add(node.Line, PathOf(name), "nothing", expected);
        }
    }

    /// <summary>A required string of 1 to <paramref name="lengthMax"/> characters; empty when faulty.</summary>
    public string String(string name, int lengthMax = 200) =>
        Required(name, $"text of 1 to {lengthMax} characters") is { } value ? StringOf(value, lengthMax) ?? "" : "";

    public string? OptionalString(string name, int lengthMax = 200) => Optional(name) is { } value ? StringOf(value, lengthMax) : null;

    /// <summary>A required id or code: letters, digits, <c>-</c>, <c>_</c>, <c>.</c>; empty when faulty.</summary>
    public string Code(string name) => CodeOf(Required(name, CodeExpected)) ?? "";

    public string? OptionalCode(string name) => CodeOf(Optional(name));

    /// <summary>A whole number, or <paramref name="fallback"/> when it is missing; required when there is none.</summary>
    public int Int(string name, int min, int max, int? fallback = null)
    {
        var expected = string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");
        var value = fallback is null ? Required(name, expected) : Optional(name);
        if (value is null)
        {
            return fallback ?? min;
        }
        if (value.Kind == JsonValueKind.Number && int.TryParse(value.Words, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }
        faults.Add(value, expected);
        return fallback ?? min;
    }

    /// <summary>A number, or <paramref name="fallback"/> when it is missing.</summary>
    public double Number(string name, double min, double max, double fallback)
    {
        if (Optional(name) is not { } value)
        {
            return fallback;
        }
        if (value.Kind == JsonValueKind.Number && double.TryParse(value.Words, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }
        faults.Add(value, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"));
        return fallback;
    }

    /// <summary>True or false; <paramref name="fallback"/> when it is missing, required when that is null.</summary>
    public bool Bool(string name, bool? fallback)
    {
        var value = fallback is null ? Required(name, "true or false") : Optional(name);
        if (value is not null && value.Kind is not (JsonValueKind.True or JsonValueKind.False))
        {
            faults.Add(value, "true or false");
            value = null;
        }
        return value is null ? fallback ?? false : value.Kind == JsonValueKind.True;
    }

    /// <summary>A date such as <c>2026-07-21</c>, or null.</summary>
    public DateOnly? Date(string name) => Optional(name) is { } value ? DateOf(value) : null;

    /// <summary>One of a few words; <paramref name="fallback"/> when it is missing, required when that is null.</summary>
    public T Word<T>(string name, IReadOnlyDictionary<string, T> words, T? fallback = null)
        where T : struct
    {
        var expected = "one of " + string.Join(", ", words.Keys);
        var value = fallback is null ? Required(name, expected) : Optional(name);
        if (value is null)
        {
            return fallback ?? default;
        }
        if (value.Kind == JsonValueKind.String && words.TryGetValue(value.Words!, out var found))
        {
            return found;
        }
        faults.Add(value, expected);
        return fallback ?? default;
    }

    /// <summary>Words in every one of the languages; required.</summary>
    public Text Text(string name, IReadOnlyList<string> languages, int lengthMax = 1000) =>
        Required(name, $"an object with {string.Join(", ", languages)}") is { } value ? TextOf(value, languages, lengthMax) : Kernel.Text.Empty;

    /// <summary>Words in every one of the languages, or empty when the member is missing.</summary>
    public Text OptionalText(string name, IReadOnlyList<string> languages, int lengthMax = 1000) =>
        Optional(name) is { } value ? TextOf(value, languages, lengthMax) : Kernel.Text.Empty;

    /// <summary>Strings of a list; empty when it is missing.</summary>
    public IReadOnlyList<string> Strings(string name, int lengthMax = 200) => [.. ListOf(name).Select(item => StringOf(item, lengthMax)).OfType<string>()];

    /// <summary>Codes of a list, each once; empty when it is missing.</summary>
    public IReadOnlyList<string> Codes(string name)
    {
        var codes = new List<string>();
        foreach (var item in ListOf(name))
        {
            if (CodeOf(item) is { } code)
            {
                if (codes.Contains(code))
                {
                    faults.Add(item, "each code once");
                    continue;
                }
                codes.Add(code);
            }
        }
        return codes;
    }

    /// <summary>Dates of a list; empty when it is missing.</summary>
    public IReadOnlyList<DateOnly> Dates(string name) => [.. ListOf(name).Select(DateOf).OfType<DateOnly>()];

    /// <summary>Whole numbers of a list; empty when it is missing.</summary>
    public IReadOnlyList<int> Ints(string name, int min, int max)
    {
        var numbers = new List<int>();
        foreach (var item in ListOf(name))
        {
            if (item.Kind == JsonValueKind.Number && int.TryParse(item.Words, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            {
                numbers.Add(number);
            }
            else
            {
                faults.Add(item, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));
            }
        }
        return numbers;
    }

    /// <summary>Objects of a list, one after another; empty when it is missing.</summary>
    public IEnumerable<JsonFields> Records(string name) => ListOf(name).Select(item => new JsonFields(item, faults));

    /// <summary>An object, or null when it is missing.</summary>
    public JsonFields? Record(string name) => Optional(name) is { } value ? new JsonFields(value, faults) : null;

    /// <summary>Members of this object, each with its value, as in a map from code to something.</summary>
    public IEnumerable<(string Name, JsonTree Value)> Entries()
    {
        foreach (var child in node.Kind == JsonValueKind.Object ? node.Children : [])
        {
            asked.Add(child.Name);
            yield return (child.Name, child);
        }
    }

    /// <summary>Any member not asked for until now is a fault: mostly a slip of the pen.</summary>
    public void NoOthers()
    {
        foreach (var child in node.Kind == JsonValueKind.Object ? node.Children : [])
        {
            if (!asked.Contains(child.Name))
            {
                faults.Add(child.Line, child.Path, child.ToString(), "no such member; known are " + string.Join(", ", asked.Order(StringComparer.Ordinal)));
            }
        }
    }

    private const string CodeExpected = "a code of 1 to 100 letters, digits, '-', '_' or '.'";

    private string PathOf(string name) => node.Path.Length == 0 ? name : $"{node.Path}.{name}";

    private IReadOnlyList<JsonTree> ListOf(string name)
    {
        if (Optional(name) is not { } value)
        {
            return [];
        }
        if (value.Kind == JsonValueKind.Array)
        {
            return value.Children;
        }
        faults.Add(value, "a list");
        return [];
    }

    private string? StringOf(JsonTree value, int lengthMax)
    {
        if (value.Kind == JsonValueKind.String && value.Words!.Length <= lengthMax && !string.IsNullOrWhiteSpace(value.Words))
        {
            return value.Words;
        }
        faults.Add(value, $"text of 1 to {lengthMax} characters");
        return null;
    }

    private string? CodeOf(JsonTree? value)
    {
        if (value is null)
        {
            return null;
        }
        if (value.Kind == JsonValueKind.String && value.Words!.Length is > 0 and <= 100 && value.Words.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
        {
            return value.Words;
        }
        faults.Add(value, CodeExpected);
        return null;
    }

    private DateOnly? DateOf(JsonTree value)
    {
        if (value.Kind == JsonValueKind.String && DateOnly.TryParseExact(value.Words, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date;
        }
        faults.Add(value, "a date such as 2026-07-21");
        return null;
    }

    private Text TextOf(JsonTree value, IReadOnlyList<string> languages, int lengthMax)
    {
        var fields = new JsonFields(value, faults);
        var words = languages.Select(language => KeyValuePair.Create(language, fields.String(language, lengthMax))).ToList();
        fields.NoOthers();
        return new Text(words);
    }
}
