using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>
/// Runs a use case of the API once for each <c>Idempotency-Key</c> (K38). Its value is saved in the transaction of its effect; a repeated request gets the answer made of it again, without
/// the use case being run. Of two at once one executes: the other meets its row when it commits, reads again, and answers the same. A refused use case leaves no row.
/// </summary>
/// <remarks>
/// A parameter of the endpoint. The request's body must be read before <see cref="DoAsync{T}"/>, as binding does; its hash is taken while it is read. A key belongs to who sent it: an account or
/// API key, else the device that the request names, else its network address (docs/decisions/0020). Values hold no words and no contacts.
/// </remarks>
public sealed class Idempotency
{
    private readonly HttpContext http;
    private readonly Writer writer;
    private readonly Database database;
    private readonly TimeProvider time;
    private readonly string key;
    private readonly Lazy<Guid> sender;

    private Idempotency(HttpContext http)
    {
        var services = http.RequestServices;
        (this.http, writer) = (http, services.GetRequiredService<Writer>());
        (database, time) = (services.GetRequiredService<Database>(), services.GetRequiredService<TimeProvider>());
        key = http.Request.Headers[Header].ToString();
        sender = new Lazy<Guid>(() => SenderOf(http));
    }

    /// <summary>How long an answer is kept: longer than any client retries.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromHours(48);

    internal const string Header = "Idempotency-Key";
    private const int KeyLengthMax = 255;

    public static ValueTask<Idempotency> BindAsync(HttpContext context) => new(new Idempotency(context));

    /// <summary>As <c>Writer.DoAsync</c>, but once for each key.</summary>
    /// <typeparam name="T">What the endpoint makes its answer of; kept as JSON.</typeparam>
    public async Task<Outcome<T>> DoAsync<T>(Actor actor, Func<Unit, Task<Outcome<T>>> useCase, CancellationToken cancellation = default)
    {
        if (key.Length == 0)
        {
            return await writer.DoAsync(actor, useCase, cancellation);
        }
        if (Malformed is { } malformed)
        {
            return malformed;
        }
        var hash = await HashOfBodyAsync();
        var replayed = false;
        var outcome = await writer.DoAsync(actor, async unit =>
        {
            var before = await FindAsync(unit.Store, cancellation);
            if (AnswerOf<T>(before, hash, unit.Now) is { } known)
            {
                replayed = known.Ok;
                return known;
            }
            var done = await useCase(unit);
            if (done.Is(out var value, out _))
            {
                Remember(unit, before, new IdempotencyRow
                {
                    Actor = sender.Value,
                    Target = Target,
                    Key = key,
                    BodyHash = hash,
                    Answer = JsonSerializer.Serialize(value, Json.Options),
                    ExpiresAt = unit.Now + Life.ToMicros(),
                });
            }
            return done;
        }, cancellation);
        // Of two at once the other may have been done between our reading and the use case, which then refused what it found done: it was done for this very key.
        return outcome.Ok ? Told(outcome, replayed) : await BeforeAsync<T>(cancellation) ?? outcome;
    }

    /// <summary>
    /// What was answered to this key before: asked first by an endpoint that looks, outside of <see cref="DoAsync{T}"/>, at something that the use case itself or time may have changed, such as
    /// whether a report is still theirs.
    /// </summary>
    /// <returns>Null when nothing was, or no key is sent; 422 for another body under the same key.</returns>
    public async Task<Outcome<T>?> BeforeAsync<T>(CancellationToken cancellation)
    {
        if (key.Length == 0 || Malformed is not null)
        {
            return null; // DoAsync refuses what is malformed.
        }
        await using var store = database.Open();
        if (await FindAsync(store, cancellation) is not { } row || AnswerOf<T>(row, await HashOfBodyAsync(), time.NowMicros()) is not { } known)
        {
            return null;
        }
        return Told(known, known.Ok);
    }

    /// <summary>Whether something was answered to this key, whatever the body: asked by an endpoint that refuses some callers before it reads a big body.</summary>
    public async Task<bool> IsKnownAsync(CancellationToken cancellation)
    {
        if (key.Length == 0 || Malformed is not null)
        {
            return false;
        }
        await using var store = database.Open();
        return await FindAsync(store, cancellation) is { } row && row.ExpiresAt > time.NowMicros();
    }

    private string Target => $"{http.Request.Method} {http.Request.Path}";

    private Refusal? Malformed => key.Length > KeyLengthMax || key.Any(letter => letter is < ' ' or > '~') ? Refusal.Invalid("kernel.badIdempotencyKey", Header) : null;

    /// <summary>Under a key of this installation: the rows tell nobody who asked for what, and network addresses are few enough to try them all.</summary>
    private static Guid SenderOf(HttpContext http)
    {
        var (services, caller) = (http.RequestServices, http.RequestServices.GetRequiredService<Caller>());
        var name = !caller.IsAnonymous ? $"actor:{caller.Actor.Id:N}"
            : services.GetRequiredService<Device>().Of(http.Request) is { } device ? $"device:{device}"
            : $"net:{http.Household()}";
        return new Guid(HMACSHA256.HashData(services.GetRequiredService<Keys>().For("kernel.idempotency"), Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
    }

    private Task<IdempotencyRow?> FindAsync(Store store, CancellationToken cancellation) =>
        store.Set<IdempotencyRow>().AsNoTracking().FirstOrDefaultAsync(row => row.Actor == sender.Value && row.Target == Target && row.Key == key, cancellation);

    private Outcome<T> Told<T>(Outcome<T> outcome, bool replayed)
    {
        if (replayed)
        {
            http.GiveBackQuota();
            http.Response.Headers["Idempotent-Replay"] = "true";
        }
        return outcome;
    }

    /// <summary>The answer that was kept, or the refusal of another body under the same key; null when nothing is kept.</summary>
    private static Outcome<T>? AnswerOf<T>(IdempotencyRow? row, byte[] hash, long now)
    {
        if (row is null || row.ExpiresAt <= now)
        {
            return null;
        }
        return row.BodyHash.AsSpan().SequenceEqual(hash) ? JsonSerializer.Deserialize<T>(row.Answer, Json.Options)! : Refusal.Invalid("kernel.idempotency-key-reused", Header);
    }

    private static void Remember(Unit unit, IdempotencyRow? expired, IdempotencyRow row)
    {
        if (expired is null)
        {
            unit.Store.Add(row);
        }
        else
        {
            unit.Store.Update(row);
        }
    }

    private async Task<byte[]> HashOfBodyAsync()
    {
        var hashing = http.Features.Get<HashingBody>() ?? throw new InvalidOperationException($"{http.Request.Path} takes no {Header}: it lies outside the API");
        return await hashing.FinishAsync(http.RequestAborted);
    }
}

/// <summary>An answer kept for repeated requests.</summary>
internal sealed class IdempotencyRow
{
    /// <summary>Who sent it, hashed under a key of this installation.</summary>
    public required Guid Actor { get; set; }

    /// <summary>Method and path.</summary>
    public required string Target { get; set; }

    public required string Key { get; set; }

    /// <summary>SHA-256 of the request's body.</summary>
    public required byte[] BodyHash { get; set; }

    /// <summary>The use case's value as JSON.</summary>
    public required string Answer { get; set; }

    /// <summary>UTC microseconds.</summary>
    public long ExpiresAt { get; set; }

    internal static void Map(ModelBuilder model) => model.Entity<IdempotencyRow>(row =>
    {
        row.ToTable("idempotency_keys").HasKey(r => new { r.Actor, r.Target, r.Key });
        row.HasIndex(r => r.ExpiresAt);
    });
}

/// <summary>Takes the hash of a body while the endpoint reads it, so that uploads are not held in memory.</summary>
internal sealed class HashingBody(Stream inner) : Stream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[]? result;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Wraps the bodies of requests that carry a key.</summary>
    public static IApplicationBuilder Use(IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Request.Headers.ContainsKey(Idempotency.Header))
        {
            var hashing = new HashingBody(http.Request.Body);
            http.Request.Body = hashing;
            http.Features.Set(hashing);
            http.Response.RegisterForDispose(hashing);
        }
        return next(http);
    });

    /// <summary>Reads what is left and gives the hash of the whole body.</summary>
    public async Task<byte[]> FinishAsync(CancellationToken cancellation)
    {
        if (result is null)
        {
            await CopyToAsync(Null, cancellation);
            result = hash.GetHashAndReset();
        }
        return result;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (result is null)
        {
            hash.AppendData(buffer.Span[..read]);
        }
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        hash.Dispose();
        base.Dispose(disposing);
    }
}
