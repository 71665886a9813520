using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Zinneke.Kernel;

/// <summary>
/// The code of a letter, which people type: twenty signs of Crockford's base 32 in groups of four, <c>7K2M-XVP9-…</c>. Nineteen are random (95 bits), the last one
/// checks them: a wrong sign and two that changed places are found before anything is looked up.
/// </summary>
public static class InvitationCode
{
    /// <summary>No I, L, O and U: they are read as 1, 1 and 0, or make words.</summary>
    private const string Signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int RandomSigns = 19;
    private const int GroupLength = 4;

    /// <summary>Whatever is longer is no code, however many spaces stand in it.</summary>
    private const int TypedMax = 100;

    /// <summary>A new code, without hyphens.</summary>
    internal static string New(Unit unit)
    {
        var random = Base64Url.DecodeFromChars(unit.NextSecret(RandomSigns));
        return WithCheck([.. random.Select(one => one & 31)]);
    }

    /// <summary>Reads a code as somebody typed it: in small letters, with spaces or hyphens anywhere, with O for 0 and I or L for 1.</summary>
    /// <returns>Without hyphens; null when it is none, or mistyped.</returns>
    public static string? Read(string? typed)
    {
        if (typed is null or { Length: > TypedMax })
        {
            return null;
        }
        var values = new List<int>(RandomSigns + 1);
        foreach (var letter in typed.Where(letter => !char.IsWhiteSpace(letter) && !char.IsControl(letter) && letter is not ('-' or '‐' or '‑' or '–')))
        {
            values.Add(Signs.IndexOf(char.ToUpperInvariant(letter) switch { 'O' => '0', 'I' or 'L' => '1', var sign => sign }, StringComparison.Ordinal));
        }
        return values.Count == RandomSigns + 1 && !values.Contains(-1) && WithCheck(values[..RandomSigns]) is var code && code[^1] == Signs[values[^1]] ? code : null;
    }

    /// <summary>As it is printed, in groups of four.</summary>
    public static string Print(string code) => string.Join('-', code.Chunk(GroupLength).Select(group => new string(group)));

    /// <summary>What is kept of a code. Keyed, so that who has read the rows of the embedded store cannot try codes on them, and how long a search takes says nothing about any code.</summary>
    internal static byte[] Hash(Keys keys, string code) => HMACSHA256.HashData(keys.For("invitation"), Encoding.ASCII.GetBytes(code));

    /// <summary>One check sign of a Reed-Solomon code over 32 elements: each sign is weighted by another power of a generator, so any one or any swap of two shows.</summary>
    private static string WithCheck(IReadOnlyList<int> values)
    {
        var check = 0;
        foreach (var value in values)
        {
            check = Twice(check ^ value);
        }
        return string.Concat(values.Append(check).Select(value => Signs[value]));
    }

    /// <summary>Multiplies by the generator modulo x⁵ + x² + 1.</summary>
    private static int Twice(int value) => (value << 1) ^ ((value & 16) != 0 ? 0b100101 : 0);
}
