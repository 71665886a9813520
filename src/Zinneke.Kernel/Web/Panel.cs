namespace Zinneke.Kernel;

/// <summary>A way into a module, contributed by it: shown in the menu, as a drawn door on the home page, or as a tile of the desk.</summary>
/// <param name="Key">Texts: <c>{Key}.title</c>, and <c>{Key}.text</c> for doors and tiles.</param>
/// <param name="Path">Address without the language, beginning with a slash: <c>/reports/new</c>.</param>
/// <param name="On">Where it is shown.</param>
/// <param name="Order">Lower comes first.</param>
public sealed record Panel(string Key, string Path, PanelOn On, int Order)
{
    /// <summary>Icon of a menu entry or tile, a name in web/icons.txt.</summary>
    public string? Icon { get; init; }

    /// <summary>Drawing of a door, a file in web/drawings without its ending.</summary>
    public string? Drawing { get; init; }

    /// <summary>Shown only to people who have this permission; null for everyone.</summary>
    public string? Permission { get; init; }

    /// <summary>Where it leads from the page of a body, with the query that means this body; null where it has nothing for that body. For panels on <see cref="PanelOn.Body"/>.</summary>
    public Func<Body, string?>? OfBody { get; init; }

    /// <summary>Leads to a page of other panels: shown to people who may open one of those.</summary>
    public PanelOn? LeadsTo { get; init; }

    /// <summary>Whether somebody is shown this panel.</summary>
    /// <param name="all">Every panel of the installation.</param>
    public bool IsFor(Caller? caller, IEnumerable<Panel> all) =>
        LeadsTo is { } place ? all.Any(other => other.On.HasFlag(place) && other.IsFor(caller, all)) : Permission is null || caller?.CanSomewhere(Permission) == true;
}

/// <summary>The places of panels.</summary>
[Flags]
public enum PanelOn
{
    Menu = 1,
    Home = 2,
    Desk = 4,
    Footer = 8,

    /// <summary>The search box of the home page leads here, with what was typed as <c>q</c>. Texts: <c>{Key}.search</c> and <c>{Key}.searchHelp</c>.</summary>
    Search = 16,

    /// <summary>A tile of the settings, <c>/admin</c>. Texts: <c>{Key}.title</c> and <c>{Key}.text</c>.</summary>
    Admin = 32,

    /// <summary>The page of a body, by <see cref="Panel.OfBody"/>: the first is its button, the others are links with a line of text. Texts: <c>{Key}.ofBody</c>, and <c>{Key}.ofBodyText</c> for links.</summary>
    Body = 64,
}

/// <summary>What a module tells on the home page, and on the page of a body: its newest public happenings, three at most.</summary>
/// <param name="Name">Area of the module.</param>
/// <param name="Latest">Newest first, already in the language asked for; no personal data. Called for each render of a page, which is cached: must answer within milliseconds.</param>
public sealed record HomeNews(string Name, Func<NewsScene, CancellationToken, ValueTask<IReadOnlyList<HomeItem>>> Latest)
{
    /// <summary>What the module counts of a body, a few figures already in words; from memory. None when it has nothing of that body.</summary>
    public Func<NewsScene, IReadOnlyList<HomeFigure>> Figures { get; init; } = _ => [];
}

/// <summary>For whom news are told.</summary>
/// <param name="Services">Of the request.</param>
/// <param name="Language">Of the reader.</param>
/// <param name="Body">Whose news; null for the whole city.</param>
public sealed record NewsScene(IServiceProvider Services, string Language, Body? Body = null);

/// <summary>A figure of a body: <c>Solved</c>, <c>1 204</c>.</summary>
public sealed record HomeFigure(string Title, string Value);

/// <summary>One happening on the home page.</summary>
/// <param name="Title">What it is, a few words.</param>
/// <param name="Path">Address with the language.</param>
/// <param name="Place">Where, in words; empty when it has no place.</param>
/// <param name="Says">The state as a sentence.</param>
/// <param name="At">Microseconds since 1970.</param>
public sealed record HomeItem(string Title, string Path, string Place, string Says, long At)
{
    /// <summary>A short word of state with its colour: <c>blue</c>, <c>green</c>, <c>brick</c>, <c>yellow</c>, <c>violet</c> or <c>soft</c>.</summary>
    public (string Word, string Colour, string Icon)? Tag { get; init; }

    /// <summary>Drawing that stands for its kind.</summary>
    public string? Drawing { get; init; }
}
