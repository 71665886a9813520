using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>
/// Finds entries by words: each must begin a word of the entry, or of the category or body that it lies under; a number is whole. What comes first is shown first, then what came last. A word
/// of five letters or more that begins none may have a wrong letter, of nine or more two. Pages go by the number of the document, so that a later page costs what the first does.
/// </summary>
public sealed class FindEntries(Database database, LogTail tail)
{
    /// <summary>Documents of what comes first have numbers above it; see the migration.</summary>
    private const long FirstLane = 1L << 62;
    private const int AboveMax = 40;
    private const int CorrectionsMax = 8;
    private const int VocabularyMax = 50_000;

    /// <summary>Of the words that begin with a beginning, the most frequent are looked for.</summary>
    private const int EndingsMax = 100;

    /// <summary>Numbers of documents count so many to a second; see the migration.</summary>
    private const int SecondBits = 24;
    private const long MicrosOfSecond = 1_000_000;

    /// <summary>Below what comes first.</summary>
    private const long SecondMax = (FirstLane >> SecondBits) - 1;
    private const int TiesMax = 4096;
    private const int LooksMax = 50;

    /// <summary>Events that may be followed while somebody waits.</summary>
    private const int WaitedForMax = 200;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    /// <param name="after">Where the page before ended; null for the first.</param>
    public async Task<FoundPage> PageAsync(SearchQuery query, SearchPlace? after, CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        if (query.IsEmpty || await GenerationAsync(connection, cancellation) is not { } generation)
        {
            return new FoundPage([], [], null);
        }
        var (terms, marked) = (new List<Term>(), new List<string>());
        foreach (var word in SearchWords.Asked(query.Words))
        {
            var endings = await EndingsAsync(connection, generation, word, cancellation);
            var corrections = endings.Count > 0 ? [] : await CorrectionsAsync(connection, generation, word, cancellation);
            IReadOnlyList<string> forms = [word, .. endings.Where(ending => ending != word), .. corrections];
            var above = await RunAsync(connection, generation, [new Term(word, forms, [])], [], FirstLane, long.MaxValue, AboveMax, cancellation);
            terms.Add(new Term(word, forms, [.. above.Select(found => SearchRow.Mark('u', $"{found.Found.Kind}:{found.Found.Id}")!)]));
            marked.AddRange([word, .. corrections]);
        }
        var before = after is not null && after.Generation == generation ? after.Doc : long.MaxValue;
        var page = await RunAsync(connection, generation, terms, [.. SearchRow.Asked(query.Kind, query.Body, query.Area)], 0, before, query.Limit + 1, cancellation);
        var more = page.Count > query.Limit;
        page = more ? page[..query.Limit] : page;
        return new FoundPage(await TitledAsync(generation, page, cancellation), marked, more ? new SearchPlace(generation, page[^1].Doc) : null);
    }

    /// <summary>
    /// The newest things of a kind that have all words of a filter, for a list that the tables then order and narrow to the letter: time is looked at by seconds, so whatever came in the same
    /// second as the last of them, or as <paramref name="before"/>, is among them.
    /// </summary>
    /// <param name="before">Nothing newer than this, UTC microseconds; null for all.</param>
    /// <param name="most">At least 1.</param>
    /// <returns>
    /// Null when this cannot be told: what this node knows to be in the log is not followed yet, or too much came in the same second. <c>Until</c>: everything as new as this is there,
    /// UTC microseconds; null when it is all there is.
    /// </returns>
    public async Task<(IReadOnlyList<string> Ids, long? Until)?> NewestAsync(EntryFilter filter, long? before, int most, CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        if (await FollowedAsync(connection, cancellation) is not { } generation)
        {
            return null;
        }
        var terms = new List<Term>();
        foreach (var word in SearchWords.Asked(filter.Words))
        {
            terms.Add(new Term(word, [word, .. (await EndingsAsync(connection, generation, word, cancellation)).Where(ending => ending != word)], []) { Stems = false });
        }
        if (terms.Count == 0)
        {
            return ([], null);
        }
        await using var command = connection.CreateCommand();
        command.CommandText = Matching("d.doc, d.id", null, "d.kind = @kind AND ", terms, filter.Marks, command); // Not as a mark: where nearly everything is of the kind, nothing costs more to look for.
        command.Add("kind", filter.Kind);
        var edge = before is { } place ? Math.Max(0, place) / MicrosOfSecond : SecondMax;
        command.Add("generation", generation);
        command.Add("from", Math.Max(0, filter.From) / MicrosOfSecond << SecondBits);
        command.Add("before", Math.Min(Math.Min(edge, filter.To / MicrosOfSecond), SecondMax) + 1 << SecondBits);
        command.Add("limit", most + TiesMax);
        var found = new List<string>();
        var (beyond, last) = (0, -1L);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var second = rows.GetInt64(0) >> SecondBits;
            if (second < last)
            {
                return (found, last * MicrosOfSecond);
            }
            found.Add(rows.GetString(1));
            if (second < edge && ++beyond == most)
            {
                last = second;
            }
        }
        return found.Count == most + TiesMax ? null : (found, null);
    }

    /// <summary>Waits a quarter of a second at most until the entries say what is in the log: who has just sent something looks for it.</summary>
    private async Task<int?> FollowedAsync(DbConnection connection, CancellationToken cancellation)
    {
        var head = tail.Head;
        for (var look = 0; look < LooksMax; look++)
        {
            await using var find = connection.CreateCommand();
            find.CommandText = "SELECT generation, position FROM followers WHERE name = @name";
            find.Add("name", KeepSearch.FollowerName);
            await using var rows = await find.ExecuteReaderAsync(cancellation);
            if (!await rows.ReadAsync(cancellation) || rows.GetInt64(1) < head - WaitedForMax)
            {
                return null; // That takes longer than anybody waits.
            }
            if (rows.GetInt64(1) >= head)
            {
                return rows.GetInt32(0);
            }
            await Task.Delay(LookEvery, cancellation);
        }
        return null;
    }

    private static async Task<int?> GenerationAsync(DbConnection connection, CancellationToken cancellation)
    {
        await using var find = connection.CreateCommand();
        find.CommandText = "SELECT generation FROM followers WHERE name = @name";
        find.Add("name", KeepSearch.FollowerName);
        return await find.ExecuteScalarAsync(cancellation) is { } found ? Convert.ToInt32(found, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The kept words that begin with a word, the most frequent first.</summary>
    private static async Task<IReadOnlyList<string>> EndingsAsync(DbConnection connection, int generation, string word, CancellationToken cancellation)
    {
        if (!SearchWords.MayGoOn(word))
        {
            return [];
        }
        await using var list = connection.CreateCommand();
        list.CommandText = "SELECT word FROM search_vocabulary WHERE generation = @generation AND word >= @from AND word < @to ORDER BY count DESC, word LIMIT @max";
        list.Add("generation", generation);
        list.Add("from", word);
        list.Add("to", word + '\uffff');
        list.Add("max", EndingsMax);
        var words = new List<string>();
        await using var rows = await list.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            words.Add(rows.GetString(0));
        }
        return words;
    }

    /// <summary>Words to look for beside one that begins none: those of its first letter whose beginning differs least, the most frequent of them first.</summary>
    private static async Task<IReadOnlyList<string>> CorrectionsAsync(DbConnection connection, int generation, string word, CancellationToken cancellation)
    {
        if (SearchWords.EditsMax(word) is not (> 0 and var most))
        {
            return [];
        }
        await using var list = connection.CreateCommand();
        list.CommandText = "SELECT word, count FROM search_vocabulary WHERE generation = @generation AND word >= @from AND word < @to ORDER BY word LIMIT @max";
        list.Add("generation", generation);
        list.Add("from", word[..1]);
        list.Add("to", word[..1] + '\uffff');
        list.Add("max", VocabularyMax);
        var near = new List<(string Word, int Edits, int Count)>();
        await using var rows = await list.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var known = rows.GetString(0);
            if (Folding.EditsToBeginning(word, known, most) is var edits && edits <= most)
            {
                near.Add((known, edits, rows.GetInt32(1)));
            }
        }
        return [.. near.OrderBy(one => one.Edits).ThenByDescending(one => one.Count).ThenBy(one => one.Word, StringComparer.Ordinal).Take(CorrectionsMax).Select(one => one.Word)];
    }

    private async Task<List<(long Doc, Found Found, string? Under)>> RunAsync(
        DbConnection connection, int generation, IReadOnlyList<Term> terms, IReadOnlyList<IReadOnlyList<string>> marks, long from, long before, int limit, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Matching(
            "d.doc, e.kind, e.id, e.path, e.title, e.says, e.label, e.body, e.area, e.at, e.under",
            "search_entries e ON e.generation = d.generation AND e.kind = d.kind AND e.id = d.id", "", terms, marks, command);
        command.Add("generation", generation);
        command.Add("from", from);
        command.Add("before", before);
        command.Add("limit", limit);
        var found = new List<(long, Found, string?)>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found.Add((rows.GetInt64(0), new Found(
                rows.GetString(1), rows.GetString(2), rows.GetString(3), TextOf(rows.GetString(4)), TextOf(rows.GetString(5)), rows.GetString(6), rows.GetText(7), rows.GetText(8),
                rows.IsDBNull(9) ? null : rows.GetInt64(9)), rows.GetText(10)));
        }
        return found;
    }

    /// <summary>Documents that hold all terms and marks, the newest first; whoever asks says generation, from, before and limit.</summary>
    private string Matching(string columns, string? joined, string also, IReadOnlyList<Term> terms, IReadOnlyList<IReadOnlyList<string>> marks, DbCommand command)
    {
        var join = joined is null ? "" : $"{(database.IsSqlite ? "CROSS JOIN" : "JOIN")} {joined} ";
        if (database.IsSqlite)
        {
            command.Add("match", string.Join(" AND ", [.. terms.Select(term => term.Sqlite), .. marks.Select(group => $"(marks : ({string.Join(" OR ", group)}))")]));
            return $"SELECT {columns} FROM search_words CROSS JOIN search_docs d ON d.doc = search_words.rowid {join}WHERE d.generation = @generation AND "
                + also + "search_words MATCH @match AND search_words.rowid > @from AND search_words.rowid < @before ORDER BY search_words.rowid DESC LIMIT @limit";
        }
        command.Add("marks", string.Join(" & ", marks.Select(group => $"({string.Join(" | ", group.Select(mark => mark + ":A"))})")));
        var tests = terms.Select((term, i) => term.Postgres(command, i)).Concat(marks.Count > 0 ? ["to_tsquery('simple', @marks)"] : []);
        return $"SELECT {columns} FROM search_docs d {join}WHERE d.generation = @generation AND {also}d.words @@ ({string.Join(" && ", tests)}) AND d.doc > @from AND d.doc < @before ORDER BY d.doc DESC LIMIT @limit";
    }

    /// <summary>Gives those without a title the one of what they lie under.</summary>
    private async Task<IReadOnlyList<Found>> TitledAsync(int generation, IReadOnlyList<(long Doc, Found Found, string? Under)> page, CancellationToken cancellation)
    {
        List<string> needed = [.. page.Where(one => one.Found.Title.IsEmpty).Select(one => one.Under).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (needed.Count == 0)
        {
            return [.. page.Select(one => one.Found)];
        }
        var keys = needed.ConvertAll(under => under.Split(':', 2)); // By the parts of the key, so that it is looked up and not gone through.
        var (kinds, ids) = (keys.ConvertAll(key => key[0]), keys.ConvertAll(key => key[^1]));
        await using var store = database.Open();
        var titles = await store.Set<SearchRow>().AsNoTracking().Where(row => row.Generation == generation && kinds.Contains(row.Kind) && ids.Contains(row.Id) && row.First)
            .ToDictionaryAsync(row => $"{row.Kind}:{row.Id}", row => row.Title, StringComparer.Ordinal, cancellation);
        return [.. page.Select(one => one.Found.Title.IsEmpty && one.Under is not null && titles.TryGetValue(one.Under, out var title) ? one.Found with { Title = title } : one.Found)];
    }

    private static Text TextOf(string json) => JsonSerializer.Deserialize<Text>(json, Json.Options)!;

    /// <summary>One word of the query. Words are folded, marks made by us: letters and digits alone, so that neither can hold syntax.</summary>
    /// <param name="Forms">The word, and what may be put in its place.</param>
    /// <param name="Above">Marks of what lies under something that the word finds.</param>
    private sealed record Term(string Word, IReadOnlyList<string> Forms, IReadOnlyList<string> Above)
    {
        /// <summary>Whether PostgreSQL also looks for the stem of the word.</summary>
        public bool Stems { get; init; } = true;

        public string Sqlite => $"((words : ({string.Join(" OR ", Forms.Select(form => $"\"{form}\""))})){string.Concat(Above.Select(mark => $" OR (marks : \"{mark}\")"))})";

        /// <summary>As words are written, and as the dictionaries of the four languages have it: "réparations" finds "réparé".</summary>
        public string Postgres(DbCommand command, int number)
        {
            command.Add($"forms{number}", string.Join(" | ", [.. Forms.Select(form => form + ":D"), .. Above.Select(mark => mark + ":A")]));
            if (!Stems)
            {
                return $"to_tsquery('simple', @forms{number})";
            }
            command.Add($"word{number}", Word + ":D");
            var stems = Languages.All.Select(language => $"to_tsquery('{DictionaryOf(language)}', @word{number})");
            return $"(to_tsquery('simple', @forms{number}) || {string.Join(" || ", stems)})";
        }

        private static string DictionaryOf(string language) => language switch { "fr" => "french", "nl" => "dutch", "de" => "german", _ => "english" };
    }
}
