using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Zinneke.Kernel;

/// <summary>That somebody agreed to a text: which, in which wording and language, and when (K19). An ordinary row: it goes with what it was given for.</summary>
public sealed class Consent
{
    public required Guid Id { get; set; }

    /// <summary>Who agreed, when they have an account.</summary>
    public Guid? AccountId { get; set; }

    /// <summary>Who agreed, when they left an address; as <see cref="EmailAddress.Read"/> gives it.</summary>
    public string? Email { get; set; }

    /// <summary>What it was given for, such as a report; null when for the account itself.</summary>
    public string? AboutKind { get; set; }

    public string? AboutId { get; set; }

    /// <summary>Key of the text, such as <c>kernel.consent.account</c>.</summary>
    public required string TextKey { get; set; }

    /// <summary>Language in which it was read.</summary>
    public required string Language { get; set; }

    /// <summary>Which wording: the beginning of its SHA-256, 12 hexadecimal digits. The wordings themselves stand in the program's history.</summary>
    public required string Wording { get; set; }

    /// <summary>UTC microseconds.</summary>
    public required long At { get; set; }

    internal static void Map(ModelBuilder model) => model.Entity<Consent>(consent =>
    {
        consent.ToTable("consents").HasKey(c => c.Id);
        consent.Property(c => c.Id).ValueGeneratedNever();
        consent.HasIndex(c => c.AccountId);
        consent.HasIndex(c => c.Email);
        consent.HasIndex(c => new { c.AboutKind, c.AboutId });
    });
}

/// <summary>Records what people agree to, in the change that makes use of it.</summary>
public sealed class Consents(Words words)
{
    /// <summary>Shown above the button that signs in: what an account keeps.</summary>
    public const string OfAccount = "kernel.consent.account";

    private readonly ConcurrentDictionary<(string Key, string Language), string> wordings = new();

    /// <summary>Adds that the person has agreed.</summary>
    /// <param name="textKey">The text that they were shown.</param>
    /// <param name="language">In which they read it.</param>
    /// <param name="person">By account, by address, or by neither when they left something else, such as a telephone number; then <paramref name="about"/> says where it belongs.</param>
    /// <param name="about">What it was given for; forgotten with it.</param>
    public void Record(Unit unit, string textKey, string language, Person person, Subject? about = null) => unit.Store.Add(new Consent
    {
        Id = unit.NextId(),
        AccountId = person.Account,
        Email = person.Email,
        AboutKind = about?.Kind,
        AboutId = about?.Id,
        TextKey = textKey,
        Language = language,
        Wording = WordingOf(textKey, language),
        At = unit.Now,
    });

    /// <summary>Records what an account has agreed to, unless it is this very wording that it agreed to last.</summary>
    internal async Task RecordOnceAsync(Unit unit, string textKey, string language, Account account, CancellationToken cancellation)
    {
        var last = await unit.Store.Set<Consent>().Where(c => c.AccountId == account.Id && c.TextKey == textKey && c.AboutKind == null).OrderByDescending(c => c.At).FirstOrDefaultAsync(cancellation);
        if (last is null || last.Wording != WordingOf(textKey, last.Language))
        {
            Record(unit, textKey, language, new Person(account.Id, null));
        }
    }

    /// <summary>True while the text still has the wording that was agreed to.</summary>
    public bool IsCurrent(Consent consent) => consent.Wording == WordingOf(consent.TextKey, consent.Language);

    /// <summary>What a person has agreed to, newest first.</summary>
    public static IQueryable<Consent> Of(Store store, Person person) => store.Set<Consent>()
        .Where(c => (person.Account != null && c.AccountId == person.Account) || (person.Email != null && c.Email == person.Email)).OrderByDescending(c => c.At).ThenByDescending(c => c.Id);

    /// <summary>Forgets what was agreed about a thing, when what it allowed is forgotten.</summary>
    public static async Task ForgetAsync(Unit unit, Subject about, CancellationToken cancellation) =>
        unit.Store.RemoveRange(await unit.Store.Set<Consent>().Where(c => c.AboutKind == about.Kind && c.AboutId == about.Id).ToListAsync(cancellation));

    /// <summary>The same for many things of one kind.</summary>
    public static async Task ForgetAsync(Unit unit, string kind, IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        unit.Store.RemoveRange(await unit.Store.Set<Consent>().Where(c => c.AboutKind == kind && c.AboutId != null && ids.Contains(c.AboutId)).ToListAsync(cancellation));

    private string WordingOf(string textKey, string language) => wordings.GetOrAdd((textKey, language), text =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words.In(text.Language, text.Key))).AsSpan(0, 6)));
}

/// <summary>What people agreed to is theirs to see, to take along and to have erased; it goes with the account, or with what it was given for.</summary>
internal sealed class ConsentData : PersonalData
{
    public override string Key => "kernel.consent";

    public override Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation) => ReadAsync(store, person, null, cancellation);

    public override Task<IReadOnlyList<object>> NewestAsync(Store store, Person person, int most, CancellationToken cancellation) => ReadAsync(store, person, most, cancellation);

    private static async Task<IReadOnlyList<object>> ReadAsync(Store store, Person person, int? most, CancellationToken cancellation)
    {
        var given = await Consents.Of(store, person).AsNoTracking().OrderByDescending(c => c.At).First(most).ToListAsync(cancellation);
        return [.. given.Select(c => new { text = c.TextKey, c.Language, c.Wording, about = c.AboutKind is null ? null : $"{c.AboutKind}:{c.AboutId}", at = Instants.FromMicros(c.At) })];
    }

    public override async Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation)
    {
        var given = await Consents.Of(unit.Store, person).ToListAsync(cancellation);
        unit.Store.RemoveRange(given);
        return given.Count;
    }

    /// <summary>Nothing goes by age: what it was given for does, and takes it along.</summary>
    public override Task<int> RetainAsync(Unit unit, CancellationToken cancellation) => Task.FromResult(0);
}
