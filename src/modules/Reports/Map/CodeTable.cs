namespace Zinneke.Reports;

/// <summary>Short numbers for words that come again and again: bodies, areas, categories. 0 is no word.</summary>
internal sealed class CodeTable
{
    private readonly Dictionary<string, ushort> codes = new(StringComparer.Ordinal);
    private readonly List<string> words = [""];

    /// <summary>Words so far, with the empty one.</summary>
    public int Count => words.Count;

    public string this[int code] => words[code];

    /// <returns>0 also when there are 65,535 words already: more than there are of anything here.</returns>
    public ushort Of(string? word)
    {
        if (string.IsNullOrEmpty(word))
        {
            return 0;
        }
        if (!codes.TryGetValue(word, out var code))
        {
            if (words.Count > ushort.MaxValue)
            {
                return 0;
            }
            codes[word] = code = (ushort)words.Count;
            words.Add(word);
        }
        return code;
    }

    /// <returns>-1 when the word never came.</returns>
    public int Find(string word) => codes.TryGetValue(word, out var code) ? code : -1;
}
