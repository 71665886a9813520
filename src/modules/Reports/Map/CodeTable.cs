namespace Zinneke.Reports;

/// <summary>Short numbers for words that come again and again: bodies, areas, categories. 0 is no word. A word keeps its number: one that is known can be read beside a change.</summary>
internal sealed class CodeTable
{
    private readonly Dictionary<string, ushort> codes = new(StringComparer.Ordinal);
    private string[] words = [""];

    /// <summary>Words so far, with the empty one.</summary>
    public int Count { get; private set; } = 1;

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
            if (Count > ushort.MaxValue)
            {
                return 0;
            }
            if (Count == words.Length)
            {
                Array.Resize(ref words, Count * 2);
            }
            words[Count] = word;
            codes[word] = code = (ushort)Count++;
        }
        return code;
    }

    /// <returns>-1 when the word never came.</returns>
    public int Find(string word) => codes.TryGetValue(word, out var code) ? code : -1;
}
