using System.Text;
using System.Xml;

namespace Zinneke.Kernel;

/// <summary>Words as XML can hold them.</summary>
public static class XmlWords
{
    /// <summary>XML 1.0 has no way to write some control characters, not even escaped: they are left out.</summary>
    public static string Writable(string text)
    {
        var fine = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                fine.Append(text[i]).Append(text[++i]);
            }
            else if (XmlConvert.IsXmlChar(text[i]))
            {
                fine.Append(text[i]);
            }
        }
        return fine.ToString();
    }
}
