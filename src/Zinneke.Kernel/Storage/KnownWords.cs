using System.Text;

namespace Zinneke.Kernel;

/// <summary>The few codes that stand in many rows, each as one string: of a few hundred words a million copies would be made. Used by one thread at a time.</summary>
public sealed class KnownWords
{
    private const int LengthMax = 64;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> words = new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LengthMax)
        {
            return Encoding.UTF8.GetString(utf8);
        }
        Span<char> characters = stackalloc char[LengthMax];
        ReadOnlySpan<char> word = characters[..Encoding.UTF8.GetChars(utf8, characters)];
        if (words.TryGetValue(word, out var known))
        {
            return known;
        }
        var added = word.ToString();
        words.Set.Add(added);
        return added;
    }

    public string? OfOrNull(StoredRows row, int column) => row.IsNull(column) ? null : Of(row.Utf8(column));
}
