using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The file of ready answers: <c>{"answers":[{"id","branch","action","reason","words":{fr,nl,en,de}}]}</c>. What is written can be read back to the same state.</summary>
internal static class CannedAnswersFile
{
    /// <summary>Actions that go with words for the public.</summary>
    public static readonly string[] Actions = ["resolve", "decline", "hold", "plan", "accept", "start", "resume", "transfer", "reject", "comment"];

    /// <summary>The answers that an installation has before it imports its own.</summary>
    public static IReadOnlyList<CannedAnswer> Shipped { get; } = CatalogueFiles.ReadShipped("Catalogue.answers", (file, faults) => Read(file, null, faults));

    /// <summary>Checks the whole file. The answers are good only when no fault was added.</summary>
    /// <param name="tree">The catalogue that branches are looked up in; null accepts any.</param>
    public static IReadOnlyList<CannedAnswer> Read(JsonTree file, CategoryTree? tree, Faults faults)
    {
        var root = new JsonFields(file, faults);
        var answers = new List<CannedAnswer>();
        foreach (var at in root.Records("answers"))
        {
            var answer = new CannedAnswer(at.Code("id"), at.OptionalCode("branch"), ActionOf(at), at.OptionalCode("reason"), at.Text("words", Languages.All, CannedAnswer.LengthMax));
            at.NoOthers();
            Check(answer, at, tree);
            if (answer.Id.Length > 0 && answers.Any(other => other.Id == answer.Id))
            {
                at.Fault("id", "each answer once");
            }
            answers.Add(answer);
        }
        root.NoOthers();
        if (answers.Count == 0)
        {
            root.Fault("answers", "at least one answer");
        }
        return answers;
    }

    public static void Write(Utf8JsonWriter writer, IEnumerable<CannedAnswer> answers)
    {
        writer.WriteStartObject();
        writer.WriteList("answers", answers, WriteAnswer);
        writer.WriteEndObject();
    }

    /// <summary>One answer as an object of the file.</summary>
    public static void WriteAnswer(Utf8JsonWriter writer, CannedAnswer answer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", answer.Id);
        writer.WriteIf("branch", answer.Branch);
        writer.WriteString("action", answer.Action);
        writer.WriteIf("reason", answer.Reason);
        writer.Write("words", answer.Words);
        writer.WriteEndObject();
    }

    private static string ActionOf(JsonFields at)
    {
        var action = at.String("action", 40);
        if (action.Length > 0 && !Actions.Contains(action))
        {
            at.Fault("action", "one of " + string.Join(", ", Actions));
        }
        return action;
    }

    private static void Check(CannedAnswer answer, JsonFields at, CategoryTree? tree)
    {
        if (answer.Branch is { } branch && tree is not null && !tree.Has(branch))
        {
            at.Fault("branch", "a category of the catalogue in force");
        }
        if (answer.Reason is { } reason && ReportWords.ReasonsOf(answer.Action) is { Count: > 0 } known && !known.Contains(reason))
        {
            at.Fault("reason", "one of " + string.Join(", ", known));
        }
        foreach (var unknown in CannedAnswer.Unknown(answer.Words))
        {
            at.Fault("words", $"placeholders of {{{string.Join("}, {", CannedAnswer.Placeholders)}}}, not {{{unknown}}}");
        }
    }
}
