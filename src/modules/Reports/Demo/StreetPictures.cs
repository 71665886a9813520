namespace Zinneke.Reports;

/// <summary>
/// The "photos" of the demonstration: a street drawn in flat colours and clear lines, with the thing that was reported in it, or without it once it is solved.
/// Nobody and no real place is in them.
/// </summary>
internal static class StreetPictures
{
    public const int Width = 1200, Height = 900;

    private const string Style = """
        .f,.l{stroke:#14213d;stroke-width:7;stroke-linejoin:round;stroke-linecap:round}.l{fill:none}.t{stroke-width:5}.n{stroke:none}
        .sky{fill:#cfe3f3}.paper{fill:#fffdf8}.stone{fill:#e3ded2}.shade{fill:#a9afbd}.dark{fill:#3a4560}.brick{fill:#d0603d}.yellow{fill:#ffd23f}
        .blue{fill:#2f78c4}.green{fill:#4f9a68}.violet{fill:#8a6ac0}.water{fill:#9cc4e4}.road{fill:#8b93a5}.l.n,.n{stroke:none}
        """;

    private static readonly string[] Backgrounds = ["houses", "shop", "park", "quay"];

    /// <summary>What stands for a category: the longest beginning of its code that is named here.</summary>
    private static readonly Dictionary<string, string> Subjects = new(StringComparer.Ordinal)
    {
        ["clean"] = "litter", ["clean-bags"] = "bags", ["clean-dump"] = "mattress", ["clean-site"] = "rubble", ["clean-bin"] = "bin", ["clean-glass"] = "glass",
        ["clean-graffiti"] = "graffiti", ["clean-rats"] = "rat", ["clean-site-signs"] = "barrier", ["clean-street-animal"] = "rat",
        ["road"] = "pothole", ["road-pavement"] = "slab", ["road-cycle"] = "barrier", ["road-marking"] = "zebra", ["road-works"] = "barrier", ["road-surface-flood"] = "gully",
        ["sign"] = "sign", ["sign-light"] = "signal", ["light"] = "lamp", ["light-pole-open"] = "cabinet", ["sewer"] = "gully", ["sewer-cover"] = "cover",
        ["water"] = "fountain", ["water-leak"] = "leak", ["water-bank"] = "litter", ["green"] = "tree", ["green-plants"] = "hedge", ["green-play"] = "slide",
        ["furn"] = "bollard", ["furn-bench"] = "bench", ["furn-bike"] = "bike", ["furn-stop"] = "shelter", ["vehicle"] = "car", ["vehicle-scooter"] = "scooter",
        ["telecom"] = "cabinet", ["telecom-cable"] = "cable", ["other"] = "cabinet",
    };

    private static readonly Lazy<Dictionary<string, string>> Groups = new(() => SvgGroups.Read("streets"));

    /// <summary>What is reported most is drawn before two backgrounds.</summary>
    private static readonly string[] Often = ["bags", "mattress", "litter", "bin", "glass", "pothole", "slab"];

    /// <summary>Every picture there is: each thing before a background or two, and each background alone.</summary>
    public static IEnumerable<(string? Subject, int Background)> All =>
        Subjects.Values.Distinct().Order(StringComparer.Ordinal).Select((subject, i) => ((string?)subject, i % Backgrounds.Length))
            .Concat(Often.Order(StringComparer.Ordinal).Select((subject, i) => ((string?)subject, (i + 2) % Backgrounds.Length)))
            .Concat(Enumerable.Range(0, Backgrounds.Length).Select(i => ((string?)null, i)))
            .Distinct();

    public static string SubjectOf(string category)
    {
        for (var code = category; ; code = code[..code.LastIndexOf('-')])
        {
            if (Subjects.TryGetValue(code, out var subject))
            {
                return subject;
            }
        }
    }

    /// <param name="subject">Null for the street after the repair.</param>
    /// <param name="background">0 to 3.</param>
    public static string Svg(string? subject, int background)
    {
        var groups = Groups.Value;
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height}" viewBox="0 0 {Width} {Height}"><style>{Style}</style>{groups[Backgrounds[background]]}{groups["ground"]}{(subject is null ? "" : groups[subject])}</svg>
            """;
    }
}
