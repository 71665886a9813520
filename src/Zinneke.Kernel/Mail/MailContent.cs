using System.Text;
using System.Text.Encodings.Web;

namespace Zinneke.Kernel;

/// <summary>What a mail says, before it has a form.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">Paragraphs divided by an empty line; what people wrote stands in it as they wrote it.</param>
public sealed record MailContent(string Subject, string Text, IReadOnlyList<MailLink> Links)
{
    private const int SubjectMax = 200;

    /// <summary>How to reach a person: the last paragraph, kept apart so that it can be taken out of a mail that waits.</summary>
    public string? Contact { get; init; }

    private string Whole => $"{Text}\n\n{Contact}".ReplaceLineEndings("\n").Trim();

    /// <summary>A subject is one line without control characters, whatever was put into it: nothing can begin another header.</summary>
    public static string OneLine(string words)
    {
        var line = new StringBuilder(Math.Min(words.Length, SubjectMax));
        foreach (var letter in words)
        {
            var plain = char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter;
            if (plain != ' ' || (line.Length > 0 && line[^1] != ' '))
            {
                line.Append(plain);
            }
        }
        var text = line.ToString().TrimEnd();
        return text.Length <= SubjectMax ? text : text[..(SubjectMax - 1)] + "…";
    }

    /// <summary>The words as plain text, links written out.</summary>
    /// <param name="footer">Lines below: who sends it, how to stop it.</param>
    public string Plain(IEnumerable<MailLink> footer)
    {
        var plain = new StringBuilder(Whole).Append('\n');
        foreach (var link in Links)
        {
            plain.Append('\n').Append(link.Label).Append('\n').Append(link.Address.AbsoluteUri).Append('\n');
        }
        plain.Append("\n-- \n");
        foreach (var link in footer)
        {
            plain.Append(link.Label).Append('\n').Append(link.Address.AbsoluteUri).Append('\n');
        }
        return plain.ToString();
    }

    /// <summary>The same as a small page without pictures or scripts; everything that people wrote is escaped.</summary>
    public string Html(string language, IEnumerable<MailLink> footer)
    {
        var html = new StringBuilder()
            .Append("<!DOCTYPE html>\n<html lang=\"").Append(language).Append("\">\n<head><meta charset=\"utf-8\"><title>").Append(Escaped(Subject)).Append("</title></head>\n")
            .Append("<body style=\"margin:0;padding:24px;max-width:36em;font:17px/1.5 sans-serif;color:#14213d;background:#fffdf8\">\n");
        foreach (var paragraph in Whole.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            html.Append("<p>").Append(Escaped(paragraph.Trim('\n')).Replace("\n", "<br>\n", StringComparison.Ordinal)).Append("</p>\n");
        }
        foreach (var (index, link) in Links.Index())
        {
            var style = index == 0 ? "display:inline-block;padding:10px 18px;border-radius:6px;background:#0b4f9c;color:#ffffff;text-decoration:none" : "color:#0b4f9c";
            html.Append("<p><a style=\"").Append(style).Append("\" href=\"").Append(Escaped(link.Address.AbsoluteUri)).Append("\">").Append(Escaped(link.Label)).Append("</a></p>\n");
        }
        html.Append("<hr style=\"border:0;border-top:1px solid #c9ccd3\">\n");
        foreach (var link in footer)
        {
            html.Append("<p style=\"font-size:14px\"><a style=\"color:#0b4f9c\" href=\"").Append(Escaped(link.Address.AbsoluteUri)).Append("\">").Append(Escaped(link.Label)).Append("</a></p>\n");
        }
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static string Escaped(string text) => HtmlEncoder.Default.Encode(text);
}
