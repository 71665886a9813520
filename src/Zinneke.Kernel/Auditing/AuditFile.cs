using System.Globalization;
using System.Text.Json;
using CsvHelper;

namespace Zinneke.Kernel;

/// <summary>The audit trail as a file, newest first: read a page at a time and sent as it is read, however long it is.</summary>
internal sealed class AuditFile(ReadAudit read, AuditWords words)
{
    private static readonly CsvWriterOptions Csv = new() { NewLine = "\n", Separator = ',', Injection = CsvInjection.Escape };

    internal static IReadOnlyList<string> Columns { get; } =
    [
        "position", "id", "at", "type", "did", "type_version", "subject_kind", "subject_id", "subject_version", "body", "actor", "actor_name", "data", "state", "before", "after", "digest", "hash",
    ];

    /// <summary>RFC 4180; nothing that a spreadsheet would run. <c>data</c> is the exact text that the hash of the chain is made of.</summary>
    public async Task WriteCsvAsync(Stream stream, AuditQuery query, CancellationToken cancellation)
    {
        await using var csv = CsvWriter.Create(stream, Csv, leaveOpen: true);
        await csv.WriteRecordAsync([.. Columns], cancellation);
        await foreach (var (entry, name) in AllAsync(query, cancellation))
        {
            var one = entry.Event;
            await csv.WriteRecordAsync(
                [
                    Number(one.Position), one.Id.ToString("D"), Instants.Write(Instants.FromMicros(one.At)), one.Type, words.Did(one), Number(one.Version), one.Subject.Kind, one.Subject.Id, Number(one.SubjectVersion),
                    one.Body ?? "", one.Actor.Id.ToString("D"), name ?? "", one.Data, WordOf(entry.Audited.State), entry.Audited.Before?.ToJsonString(Json.Options) ?? "", entry.Audited.After?.ToJsonString(Json.Options) ?? "",
                    Hex(entry.Digest) ?? "", Hex(entry.Hash)!,
                ], cancellation);
        }
    }

    /// <summary>JSON lines: an object a line, as the pages of the API have them.</summary>
    public async Task WriteLinesAsync(Stream stream, AuditQuery query, CancellationToken cancellation)
    {
        await foreach (var (entry, name) in AllAsync(query, cancellation))
        {
            await JsonSerializer.SerializeAsync(stream, JsonOf(entry, name), Json.Options, cancellation);
            await stream.WriteAsync("\n"u8.ToArray(), cancellation);
        }
    }

    internal object JsonOf(AuditEntry entry, string? name)
    {
        var one = entry.Event;
        return new
        {
            one.Position, one.Id, at = Instants.Write(Instants.FromMicros(one.At)), one.Type, did = words.Did(one), typeVersion = one.Version, subject = new { one.Subject.Kind, one.Subject.Id, version = one.SubjectVersion },
            one.Body, actor = new { id = one.Actor.Id, name }, data = JsonDocument.Parse(one.Data).RootElement, state = entry.Audited.State, entry.Audited.Before, entry.Audited.After, digest = Hex(entry.Digest),
            hash = Hex(entry.Hash),
        };
    }

    private async IAsyncEnumerable<(AuditEntry Entry, string? Name)> AllAsync(AuditQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        AuditPlace? after = null;
        do
        {
            var page = await read.PageAsync(query, after, ReadAudit.PageMax, cancellation);
            foreach (var entry in page.Entries)
            {
                yield return (entry, page.Names.GetValueOrDefault(entry.Event.Actor.Id));
            }
            after = page.Next;
        }
        while (after is not null);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string WordOf(AuditState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    private static string? Hex(byte[]? bytes) => bytes is null ? null : Convert.ToHexStringLower(bytes);
}
