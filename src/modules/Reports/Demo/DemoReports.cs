using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Makes reports of the demonstration from a line of history each, lets them live, and puts them into the store with their events.</summary>
internal sealed class DemoReports(Router router, IReadOnlyDictionary<string, Actor> officers, DemoPhotos photos, Ids ids, long now)
{
    private const double SharePhoto = 0.35, ShareAfterPhoto = 0.4, ShareSupported = 0.2;

    /// <summary>The key by which a demonstration that was interrupted knows what it has made: a UUID of version 8 (RFC 9562).</summary>
    public static Guid ClientId(int index)
    {
        Span<byte> bytes = [.. "zinnek"u8, 0x80, (byte)'e', 0x80, (byte)'r', 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], index);
        return new Guid(bytes, bigEndian: true);
    }

    /// <param name="index">Place in the history: the seed of its own chance, so that one report does not change another.</param>
    public DemoLife Make(HistoricReport past, int index, string number)
    {
        var chance = new Random(index);
        var category = router.Map.Categories.Find(past.Category)!;
        var created = past.CreatedAt.ToMicros();
        var route = router.At(new RouteRequest(past.Point, past.Category, AnswersTo(category, index), null, created));
        var report = new Report
        {
            Id = ids.Next(),
            Number = number,
            ClientId = ClientId(index),
            ContentHash = SHA256.HashData(Encoding.UTF8.GetBytes(past.ToString())),
            Channel = past.Channel,
            Language = past.Language,
            CreatedAt = created,
            UpdatedAt = created,
            Category = past.Category,
            Lon = past.Point.Lon,
            Lat = past.Point.Lat,
            Area = route.Area,
            Visibility = router.Map.IsPrivate(past.Category, (past.Point.Lon, past.Point.Lat), created) ? Visibility.Private : Visibility.Public,
            Priority = category.Priority,
            ChosenByRule = true,
            SupportCount = chance.NextDouble() < ShareSupported ? 1 + chance.Next(9) : 0,
        };
        report.Keep(route);
        report.AssignFirst(route.Body, World.Of(router.Map, created, report));
        var life = new DemoLife(report, router.Map, body => officers.GetValueOrDefault(body ?? "", Actor.System), ids, chance, now);
        life.Live();
        report.Version = life.Events.Count;
        return life;
    }

    /// <param name="first">Index of the first.</param>
    public void Put(Unit unit, IReadOnlyList<HistoricReport> slice, IReadOnlyList<DemoLife> lives, int first)
    {
        for (var i = 0; i < lives.Count; i++)
        {
            var (life, report) = (lives[i], lives[i].Report);
            unit.Store.Add(report);
            unit.Store.Add(new ReportWordsRow
            {
                ReportId = report.Id,
                Description = slice[i].Description,
                Answers = JsonSerializer.Serialize(AnswersTo(router.Map.Categories.Find(report.Category)!, first + i), Json.Options),
            });
            unit.Store.AddRange(life.Entries);
            for (var supporter = 0; supporter < report.SupportCount; supporter++)
            {
                unit.Store.Add(new ReportSupport { ReportId = report.Id, By = $"demo-{report.Number}-{supporter}", At = report.CreatedAt + ((supporter + 1) * TimeSpan.MicrosecondsPerHour) });
            }
            AddPhotos(unit, report, new Random(first + i));
            for (var version = 1; version <= life.Events.Count; version++)
            {
                var (actor, at, data, body) = life.Events[version - 1];
                unit.PublishPast(actor, at, new Subject("report", report.Id), version, data, body);
            }
        }
    }

    private void AddPhotos(Unit unit, Report report, Random chance)
    {
        if (chance.NextDouble() >= SharePhoto)
        {
            return;
        }
        var solved = report.Bucket == Bucket.Solved && chance.NextDouble() < ShareAfterPhoto;
        foreach (var (file, photo) in photos.Of(report, solved, ids, chance))
        {
            unit.Store.Add(file);
            unit.Store.Add(photo);
        }
    }

    /// <summary>Something for each question that wants an answer.</summary>
    private static Answers AnswersTo(Category category, int seed)
    {
        var chance = new Random(seed);
        return new Answers(category.Questions
            .Where(question => question.Asks && (question.Required || chance.Next(2) == 0))
            .Select(question => KeyValuePair.Create<string, IReadOnlyList<string>>(question.Code, question switch
            {
                { Choices.Count: > 0 } => [question.Choices[chance.Next(question.Choices.Count)].Key],
                { Type: QuestionType.Number } => [(2 + chance.Next(6)).ToString(CultureInfo.InvariantCulture)],
                _ => [],
            })));
    }
}
