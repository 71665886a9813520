using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What somebody wants to report: the body of <c>POST /api/v1/reports</c>, and what the four screens gather.</summary>
public sealed record NewReport
{
    public const int DescriptionLengthMax = 4000;
    public const int AddressLengthMax = 300;
    public const int PhotosMax = 4;
    private const int DigestLength = 16;

    /// <summary>The answer "I don't know" to the question at a boundary.</summary>
    public const string SideUnknown = "unknown";

    /// <summary>A UUID that the sender makes, so that sending twice is one report.</summary>
    public Guid ClientId { get; init; }

    /// <summary>Empty when it was left out, or null.</summary>
    public string Category { get; init => field = value ?? ""; } = "";

    public double? Lon { get; init; }

    public double? Lat { get; init; }

    public string? Address { get; init; }

    /// <summary>Accuracy of the position, metres.</summary>
    public double? AccuracyM { get; init; }

    public string? Description { get; init; }

    /// <summary>Language of the reporter.</summary>
    public string Lang { get; init => field = value ?? ""; } = "fr";

    public Answers Answers { get; init => field = value ?? Answers.None; } = Answers.None;

    /// <summary>Answer to the question at a boundary: id of a body, or <see cref="SideUnknown"/>.</summary>
    public string? SideAnswer { get; init; }

    public NewContact? Contact { get; init; }

    /// <summary>Where it comes from; residents' own are <c>web</c>.</summary>
    public string? Channel { get; init; }

    public bool Subscribe { get; init; }

    /// <summary>Photos that a form stored on an earlier screen, in order; not part of what clients may send.</summary>
    [JsonIgnore]
    public IReadOnlyList<Guid> Photos { get; init; } = [];

    /// <summary>The lengths of the photos that came with it, bytes without what was stripped: with other photos it is another report.</summary>
    [JsonIgnore]
    public IReadOnlyList<long> PhotoLengths { get; init; } = [];

    /// <summary>What was sent, apart from the client id: 16 bytes of SHA-256 for the report, and 16 for the contact, which is forgotten with it.</summary>
    internal byte[] ContentHash()
    {
        var report = this with { ClientId = Guid.Empty, Contact = null, Lon = Writable(Lon), Lat = Writable(Lat), AccuracyM = Writable(AccuracyM) };
        return [.. Digest(PhotoLengths.Count == 0 ? report : new { report, PhotoLengths }), .. Digest(Contact)];
    }

    /// <summary>The half of a hash that would let a contact be guessed is gone.</summary>
    internal static byte[] WithoutContact(byte[] hash) => [.. hash.AsSpan(0, DigestLength), .. new byte[DigestLength]];

    /// <summary>Whether the same was sent; of a report whose contact is forgotten, whether the same report was.</summary>
    internal static bool IsSame(byte[] stored, byte[] sent) =>
        stored.AsSpan().SequenceEqual(sent) || (stored.AsSpan(0, DigestLength).SequenceEqual(sent.AsSpan(0, DigestLength)) && !stored.AsSpan(DigestLength).ContainsAnyExcept((byte)0));

    private static byte[] Digest(object? sent) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(sent, Json.Options))[..DigestLength];

    /// <summary>JSON has no word for what is beyond all numbers, but 1e400 is read as that.</summary>
    private static double? Writable(double? number) => number is { } value && double.IsFinite(value) ? value : null;

    /// <summary>What the reporter put into own words: the description and the answers that are no choice.</summary>
    internal IEnumerable<string?> Written(Category category) => WrittenAnswers(category).SelectMany(Answers.Of).Prepend(Description);

    /// <summary>The report without what its words tell of a person.</summary>
    internal NewReport WithoutTelling(Category? category)
    {
        var written = category is null ? [] : WrittenAnswers(category).ToHashSet(StringComparer.Ordinal);
        return this with
        {
            Description = TellingWords.TakeOut(Description),
            Answers = new Answers(Answers.ByQuestion.Select(answer => written.Contains(answer.Key)
                ? KeyValuePair.Create<string, IReadOnlyList<string>>(answer.Key, [.. answer.Value.Select(value => TellingWords.TakeOut(value)!)])
                : answer)),
        };
    }

    private static IEnumerable<string> WrittenAnswers(Category category) =>
        category.Questions.Where(question => question.Type is QuestionType.String or QuestionType.Text).Select(question => question.Code);

    /// <summary>Every fault that can be seen without knowing where the report will go.</summary>
    internal IReadOnlyList<Refusal> Faults()
    {
        var faults = new List<Refusal>();
        void Check(bool fine, string code, string field, params object[] arguments)
        {
            if (!fine)
            {
                faults.Add(Refusal.Invalid(code, field, arguments));
            }
        }
        Check(ClientId != Guid.Empty, "reports.required", "clientId");
        Check(Languages.Known(Lang), "reports.unknownLanguage", "lang");
        Check((Lon is null) == (Lat is null), "reports.required", Lon is null ? "lon" : "lat");
        Check(Lon is not null || Lat is not null || !string.IsNullOrWhiteSpace(Address), "reports.placeNeeded", "lon");
        Check(Lat is null or (>= -90 and <= 90), "reports.latitudeOutside", "lat");
        Check(Lon is null or (>= -180 and <= 180), "reports.longitudeOutside", "lon");
        Check(AccuracyM is null or (>= 0 and <= 100_000), "reports.accuracyOutside", "accuracyM");
        Check((Description?.Length ?? 0) <= DescriptionLengthMax, "reports.descriptionTooLong", "description", DescriptionLengthMax);
        Check((Address?.Length ?? 0) <= AddressLengthMax, "reports.addressTooLong", "address", AddressLengthMax);
        Check(Photos.Count <= PhotosMax, "reports.tooManyPhotos", "photos", PhotosMax);
        Check((Channel?.Length ?? 0) <= 40, "reports.unknownChannel", "channel");
        faults.AddRange(new[] { Refusal.OfNul(Description, "description"), Refusal.OfNul(Address, "address"), Refusal.OfNul(Channel, "channel") }.OfType<Refusal>());
        faults.AddRange(Contact?.Faults() ?? []);
        return faults;
    }
}

/// <summary>How to reach the reporter.</summary>
public sealed record NewContact
{
    public string? Email { get; init; }

    public string? Name { get; init; }

    public string? Phone { get; init; }

    /// <summary>Kept for clients that send it; names are never public.</summary>
    public bool Show { get; init; }

    public bool IsEmpty => string.IsNullOrWhiteSpace(Email) && string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(Phone);

    /// <summary>There is an address or a number: a name alone reaches nobody.</summary>
    internal bool CanBeReached => !string.IsNullOrWhiteSpace(Email) || !string.IsNullOrWhiteSpace(Phone);

    /// <summary>The address as it is stored; null when there is none.</summary>
    internal string? Address => EmailAddress.Read(Email).Is(out var address, out _) ? address : null;

    internal IEnumerable<Refusal> Faults()
    {
        if (!string.IsNullOrWhiteSpace(Email) && Address is null)
        {
            yield return Refusal.Invalid("reports.emailMalformed", "contact.email");
        }
        if (Name?.Length > 200)
        {
            yield return Refusal.Invalid("reports.nameTooLong", "contact.name", 200);
        }
        if (Refusal.OfNul(Name, "contact.name") is { } nul)
        {
            yield return nul;
        }
        if (Phone is { Length: > 0 } phone && (phone.Length > 40 || !phone.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '/' or '.' or '-' or '(' or ')')))
        {
            yield return Refusal.Invalid("reports.phoneMalformed", "contact.phone");
        }
    }
}
