using Microsoft.Extensions.Primitives;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Drafts of an answer in the languages that the officer has not written (R25), asked for by a button before the answer is sent: so the officer sees them, the reporter's mail has them, and an answer
/// never waits for the service. What is sent as it came is marked as a machine's; what somebody has changed is theirs.
/// </summary>
internal sealed class AnswerTranslation(Translator translator, Settings settings)
{
    /// <summary>Whether the button is shown.</summary>
    public bool IsOffered => translator.IsOffered;

    /// <summary>Fills in the empty fields <c>text.LANGUAGE</c> of a form, and remembers in <c>machine.LANGUAGE</c> what came, and in <c>original</c> what it came from.</summary>
    /// <param name="typed">Fields of the form; filled in here.</param>
    /// <param name="reporter">Language of the reporter.</param>
    /// <returns>Null; or why some fields stay empty, which keeps nobody from sending.</returns>
    public async Task<Refusal?> FillAsync(Dictionary<string, string> typed, string reporter, CancellationToken cancellation)
    {
        var offered = settings.Get(KernelSettings.Languages);
        var written = offered.Where(language => Words(typed, language).Length > 0 && Words(typed, language) != typed.GetValueOrDefault("machine." + language)).ToList();
        if (written.Count == 0)
        {
            return Refusal.Invalid("reports.nothingToTranslate", "text." + reporter);
        }
        var from = written.Contains(reporter) ? reporter : written[0];
        if (Words(typed, from).Length > ActionRequest.TextLengthMax)
        {
            return Refusal.Invalid("reports.descriptionTooLong", "text." + from, ActionRequest.TextLengthMax);
        }
        var wanted = offered.Except(written).ToList();
        var drafts = await Task.WhenAll(wanted.Select(to => translator.TranslateAsync(Words(typed, from), from, to, cancellation)));
        typed["original"] = from;
        var missing = new List<string>();
        foreach (var (language, draft) in wanted.Zip(drafts))
        {
            if (draft?.ReplaceLineEndings("\n").Trim() is { Length: > 0 and <= ActionRequest.TextLengthMax } words)
            {
                typed["text." + language] = typed["machine." + language] = words;
            }
            else
            {
                missing.Add(language);
            }
        }
        return missing.Count == 0 ? null : Refusal.Invalid("reports.notTranslated", "text." + missing[0], string.Join(", ", missing.Select(Languages.OwnName)));
    }

    /// <summary>The words of a form as text: those that came from a machine and were sent unchanged are marked.</summary>
    public static Text Marked(IReadOnlyList<KeyValuePair<string, string>> said, IEnumerable<KeyValuePair<string, StringValues>> form)
    {
        var fields = form.ToDictionary(field => field.Key, field => field.Value.ToString().ReplaceLineEndings("\n").Trim(), StringComparer.Ordinal);
        return new Text(said, fields.GetValueOrDefault("original"), said.Where(one => fields.GetValueOrDefault("machine." + one.Key) == one.Value).Select(one => one.Key));
    }

    private static string Words(Dictionary<string, string> typed, string language) => typed.GetValueOrDefault("text." + language)?.ReplaceLineEndings("\n").Trim() ?? "";
}
