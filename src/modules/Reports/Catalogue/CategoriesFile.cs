using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// The catalogue file: <c>{"languages":[...],"categories":[{"code","parent","names","leaf","sla","duplicate",...}]}</c>. The example in the documentation is its
/// contract; what is written can be read back to the same state.
/// </summary>
internal static class CategoriesFile
{
    private static readonly Dictionary<string, SlaUnit> Units = new(StringComparer.Ordinal) { ["hours"] = SlaUnit.Hours, ["days"] = SlaUnit.Days, ["workdays"] = SlaUnit.Workdays };

    private static readonly Dictionary<string, Priority> Priorities = new(StringComparer.Ordinal) { ["low"] = Priority.Low, ["normal"] = Priority.Normal, ["high"] = Priority.High };

    private static readonly Dictionary<string, Open311Type> Open311Types = new(StringComparer.Ordinal)
    {
        ["realtime"] = Open311Type.Realtime,
        ["batch"] = Open311Type.Batch,
        ["blackbox"] = Open311Type.Blackbox,
    };

    private static readonly Dictionary<string, QuestionType> QuestionTypes = new(StringComparer.Ordinal)
    {
        ["string"] = QuestionType.String,
        ["number"] = QuestionType.Number,
        ["datetime"] = QuestionType.DateTime,
        ["text"] = QuestionType.Text,
        ["singlevaluelist"] = QuestionType.SingleValueList,
        ["multivaluelist"] = QuestionType.MultiValueList,
    };

    /// <summary>Checks the whole file. The tree is good only when no fault was added.</summary>
    public static CategoryTree Read(JsonTree file, Faults faults)
    {
        var root = new JsonFields(file, faults);
        IReadOnlyList<string> languages = root.Codes("languages");
        if (languages.Any(language => !Languages.Known(language)))
        {
            root.Fault("languages", "some of " + string.Join(", ", Languages.All));
        }
        languages = languages.Count == 0 ? Languages.All : languages;
        var records = new List<(Category Category, JsonFields At)>();
        foreach (var at in root.Records("categories"))
        {
            records.Add((ReadCategory(at, languages), at));
            at.NoOthers();
        }
        root.NoOthers();
        if (records.Count == 0)
        {
            root.Fault("categories", "at least one category");
        }
        CheckTree(records);
        return faults.None ? new CategoryTree(records.Select(record => record.Category)) : CategoryTree.Empty;
    }

    /// <summary>A time such as <c>{"value":5,"unit":"workdays"}</c>.</summary>
    internal static Sla ReadSla(JsonFields at) => new(at.Int("value", 1, Sla.ValueMax), at.Word("unit", Units));

    internal static void WriteSla(Utf8JsonWriter writer, Sla sla)
    {
        writer.WriteNumber("value", sla.Value);
        writer.WriteString("unit", Units.First(unit => unit.Value == sla.Unit).Key);
    }

    public static void Write(Utf8JsonWriter writer, CategoryTree tree)
    {
        writer.WriteStartObject();
        writer.Write("languages", [.. Languages.All.Where(language => tree.All.Any(category => category.Names.Exactly(language) is not null))]);
        writer.WriteList("categories", tree.All, WriteCategory);
        writer.WriteEndObject();
    }

    /// <summary>One category as an object of the file.</summary>
    public static void WriteCategory(Utf8JsonWriter writer, Category category)
    {
        writer.WriteStartObject();
        writer.WriteString("code", category.Code);
        writer.WriteIf("parent", category.Parent);
        writer.Write("names", category.Names);
        writer.WriteBoolean("leaf", category.Leaf);
        writer.WriteIf("icon", category.Icon);
        if (category.Keywords.Count > 0)
        {
            writer.WriteStartObject("keywords");
            foreach (var (language, words) in category.Keywords)
            {
                writer.Write(language, words);
            }
            writer.WriteEndObject();
        }
        if (category.Leaf)
        {
            WriteLeaf(writer, category);
        }
        writer.WriteEndObject();
    }

    private static Category ReadCategory(JsonFields at, IReadOnlyList<string> languages)
    {
        var category = new Category(at.Code("code"), at.OptionalCode("parent"), at.Text("names", languages, 200), at.Bool("leaf", null))
        {
            Icon = at.OptionalCode("icon"),
            Keywords = ReadKeywords(at.Record("keywords")),
        };
        return category.Leaf ? ReadLeaf(category, at, languages) : category;
    }

    private static Category ReadLeaf(Category category, JsonFields at, IReadOnlyList<string> languages)
    {
        var duplicate = at.Record("duplicate");
        category = category with
        {
            Promise = at.Required("sla", "a time such as {\"value\":5,\"unit\":\"workdays\"}") is null ? null : ReadPromise(at.Record("sla")!),
            DuplicateRadiusMetres = duplicate?.Int("radiusM", 10, 250, Category.DuplicateRadiusDefaultMetres) ?? Category.DuplicateRadiusDefaultMetres,
            DuplicateDays = duplicate?.Int("days", 1, 3660, Category.DuplicateDaysDefault) ?? Category.DuplicateDaysDefault,
            ProfessionalOnly = at.Bool("professionalOnly", false),
            Open311Type = at.Word("open311Type", Open311Types, Open311Type.Realtime),
            Questions = ReadQuestions(at, languages),
            Notice = at.OptionalText("notice", languages),
            Safety = at.OptionalText("safety", languages),
            Deflection = at.Record("deflection") is { } deflection ? ReadDeflection(deflection, languages) : null,
            NeedsContact = at.Bool("needsContact", false),
            Private = at.Bool("private", false),
            Priority = at.Word("priority", Priorities, Priority.Normal),
        };
        duplicate?.NoOthers();
        return category;
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadKeywords(JsonFields? at)
    {
        var keywords = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (language, _) in at?.Entries() ?? [])
        {
            if (Languages.Known(language))
            {
                keywords[language] = at!.Strings(language, 60);
            }
            else
            {
                at!.Fault(language, "a language: " + string.Join(", ", Languages.All));
            }
        }
        return keywords;
    }

    private static Promise ReadPromise(JsonFields at)
    {
        var promise = new Promise(ReadSla(at))
        {
            ByBody = ReadMap(at, "bodies", body => body, "a body"),
            ByPriority = ReadMap(at, "priorities", word => Priorities.TryGetValue(word, out var priority) ? priority : (Priority?)null, "one of low, normal, high"),
        };
        at.NoOthers();
        return promise;
    }

    private static Dictionary<string, Sla> ReadMap(JsonFields at, string name, Func<string, string?> keyOf, string expected)
    {
        var map = new Dictionary<string, Sla>(StringComparer.Ordinal);
        ReadEntries(at, name, (word, sla) => keyOf(word) is { } key && map.TryAdd(key, sla), expected);
        return map;
    }

    private static Dictionary<Priority, Sla> ReadMap(JsonFields at, string name, Func<string, Priority?> keyOf, string expected)
    {
        var map = new Dictionary<Priority, Sla>();
        ReadEntries(at, name, (word, sla) => keyOf(word) is { } key && map.TryAdd(key, sla), expected);
        return map;
    }

    private static void ReadEntries(JsonFields at, string name, Func<string, Sla, bool> add, string expected)
    {
        var entries = at.Record(name);
        foreach (var (word, _) in entries?.Entries() ?? [])
        {
            var sla = entries!.Record(word)!;
            if (!add(word, ReadSla(sla)))
            {
                entries.Fault(word, expected);
            }
            sla.NoOthers();
        }
    }

    private static Deflection ReadDeflection(JsonFields at, IReadOnlyList<string> languages)
    {
        var deflection = new Deflection(at.Text("text", languages), at.Text("url", languages, 500));
        if (deflection.Url.ByLanguage.Values.Any(url => !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")))
        {
            at.Fault("url", "addresses that begin with https://");
        }
        at.NoOthers();
        return deflection;
    }

    private static List<Question> ReadQuestions(JsonFields category, IReadOnlyList<string> languages)
    {
        var questions = new List<Question>();
        foreach (var at in category.Records("questions"))
        {
            var question = new Question(at.Code("code"), at.Word("datatype", QuestionTypes), at.Text("text", languages))
            {
                Required = at.Bool("required", false),
                Asks = at.Bool("variable", true),
                Order = at.Int("order", 1, 1000, questions.Count + 1),
                Hint = at.OptionalText("hint", languages),
                Choices = [.. at.Records("values").Select(value => ReadChoice(value, languages))],
            };
            at.NoOthers();
            CheckQuestion(question, questions, at);
            questions.Add(question);
        }
        return [.. questions.OrderBy(question => question.Order)];
    }

    private static Choice ReadChoice(JsonFields at, IReadOnlyList<string> languages)
    {
        var choice = new Choice(at.Code("key"), at.Text("text", languages, 200));
        at.NoOthers();
        return choice;
    }

    private static void CheckQuestion(Question question, List<Question> earlier, JsonFields at)
    {
        if (earlier.Any(other => other.Code == question.Code))
        {
            at.Fault("code", "each question once in a category");
        }
        if (earlier.Any(other => other.Order == question.Order))
        {
            at.Fault("order", "each place once in a category");
        }
        var list = question.Type is QuestionType.SingleValueList or QuestionType.MultiValueList;
        if (list == (question.Choices.Count == 0) || question.Choices.DistinctBy(choice => choice.Key).Count() < question.Choices.Count)
        {
            at.Fault("values", list ? "one value or more, each key once" : "nothing, unless the answer is one of a list");
        }
        if (question is { Required: true, Asks: false })
        {
            at.Fault("required", "false for a notice, which takes no answer");
        }
    }

    private static void CheckTree(List<(Category Category, JsonFields At)> records)
    {
        ParentCheck.Run([.. records.Select(record => (record.Category.Code, record.Category.Parent, record.At))], "code", CategoryTree.LevelsMax);
        var leaves = records.Where(record => record.Category.Leaf).Select(record => record.Category.Code).ToHashSet(StringComparer.Ordinal);
        var parents = records.Select(record => record.Category.Parent).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var (category, at) in records)
        {
            if (category.Parent is { } parent && leaves.Contains(parent))
            {
                at.Fault("parent", "a node that is no leaf: a leaf has no children");
            }
            if (!category.Leaf && !parents.Contains(category.Code))
            {
                at.Fault("leaf", "true, or children below: nobody can report here");
            }
        }
    }

    private static void WriteLeaf(Utf8JsonWriter writer, Category category)
    {
        WritePromise(writer, category.Promise!);
        writer.WriteStartObject("duplicate");
        writer.WriteNumber("radiusM", category.DuplicateRadiusMetres);
        writer.WriteNumber("days", category.DuplicateDays);
        writer.WriteEndObject();
        writer.WriteBoolean("professionalOnly", category.ProfessionalOnly);
        writer.WriteString("open311Type", Open311Types.First(type => type.Value == category.Open311Type).Key);
        writer.WriteList("questions", category.Questions, WriteQuestion);
        writer.Write("notice", category.Notice);
        writer.Write("safety", category.Safety);
        if (category.Deflection is { } deflection)
        {
            writer.WriteStartObject("deflection");
            writer.Write("text", deflection.Words);
            writer.Write("url", deflection.Url);
            writer.WriteEndObject();
        }
        writer.WriteUnless(false, "needsContact", category.NeedsContact);
        writer.WriteUnless(false, "private", category.Private);
        writer.WriteIf("priority", category.Priority == Priority.Normal ? null : Priorities.First(priority => priority.Value == category.Priority).Key);
    }

    private static void WritePromise(Utf8JsonWriter writer, Promise promise)
    {
        writer.WriteStartObject("sla");
        WriteSla(writer, promise.Usual);
        WriteMap(writer, "bodies", promise.ByBody.Select(entry => (entry.Key, entry.Value)));
        WriteMap(writer, "priorities", promise.ByPriority.Select(entry => (Priorities.First(word => word.Value == entry.Key).Key, entry.Value)));
        writer.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter writer, string name, IEnumerable<(string Key, Sla Sla)> entries)
    {
        var all = entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        if (all.Count > 0)
        {
            writer.WriteStartObject(name);
            foreach (var (key, sla) in all)
            {
                writer.WriteStartObject(key);
                WriteSla(writer, sla);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
    }

    private static void WriteQuestion(Utf8JsonWriter writer, Question question)
    {
        writer.WriteStartObject();
        writer.WriteString("code", question.Code);
        writer.WriteString("datatype", QuestionTypes.First(type => type.Value == question.Type).Key);
        writer.WriteBoolean("required", question.Required);
        writer.WriteNumber("order", question.Order);
        writer.WriteBoolean("variable", question.Asks);
        writer.Write("text", question.Words);
        writer.Write("hint", question.Hint);
        if (question.Choices.Count > 0)
        {
            writer.WriteList("values", question.Choices, WriteChoice);
        }
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, Choice choice)
    {
        writer.WriteStartObject();
        writer.WriteString("key", choice.Key);
        writer.Write("text", choice.Words);
        writer.WriteEndObject();
    }
}
