namespace Zinneke.House.Tests;

/// <summary>The rules of the house as data. A change that needs another rule changes it here, in the same commit, and says why.</summary>
internal static class Rules
{
    /// <summary>What each project of the program may know, exactly. Modules never know each other; nobody knows the host.</summary>
    public static readonly Dictionary<string, string[]> References = new()
    {
        ["Zinneke.Geo"] = [],
        ["Zinneke.Kernel"] = ["Zinneke.Geo"],
        ["Zinneke.Ui"] = ["Zinneke.Kernel"],
        ["Zinneke.Reports"] = ["Zinneke.Geo", "Zinneke.Kernel", "Zinneke.Ui"],
        ["Zinneke"] = ["Zinneke.Kernel", "Zinneke.Reports", "Zinneke.Ui"],
    };

    /// <summary>The kernel's folders: a folder uses only types of the folders before it.</summary>
    public static readonly string[] KernelOrder =
    [
        "Outcomes", "Time", "Text", "Settings", "Imports", "Storage", "Events", "Journal", "Catalogues", "Files", "Places", "Bodies", "People", "Mail", "Live", "Algorithms", "Web", "Auditing", "Datasets", "Search", "Maps",
        "Backups", "Commands", "Demo", "Modules",
    ];

    /// <summary>Files that call a declared function outside the gate of the algorithm register, because nobody's request hangs on what comes out.</summary>
    public static readonly string[] TriedWithoutGate =
    [
        "src/modules/Reports/Demo/DemoReports.cs", // Reports that nobody made.
        "src/modules/Reports/Demo/DemoTwins.cs", // The same.
        "src/modules/Reports/Routing/CompareRules.cs", // What rules would have done; every report stays where it is.
        "src/modules/Reports/Routing/TryRules.cs", // Places that an administrator tries.
        "src/modules/Reports/Verbs/DuplicatesVerb.cs", // Reports of a file, no installation.
        "src/modules/Reports/Verbs/RouteVerb.cs", // Points of a file, rules of a file, no installation.
    ];

    /// <summary>Last words of a type's name that say nothing about what it is.</summary>
    public static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Service", "Util", "Utils", "Utility", "Utilities", "Impl", "Dto", "Base", "Common", "Misc"];

    /// <summary>Interfaces that others implement: the contracts of the kernel, which may have one implementation today.</summary>
    public static readonly string[] Contracts = ["IModule", "IRowFilter"];

    /// <summary>About 400 lines is long; this is the end.</summary>
    public const int FileLinesMax = 500;

    public const int FunctionLinesMax = 70;

    public const int ProgramLinesMax = 60;

    /// <summary>Files in the root of the checkout: what a newcomer sees first.</summary>
    public static readonly string[] RootFiles =
    [
        ".editorconfig", ".gitattributes", ".gitignore", "BannedSymbols.txt", "CONTRIBUTING.md", "Directory.Build.props", "Directory.Packages.props", "LICENSE",
        "README.md", "SECURITY.md", "Zinneke.slnx", "global.json", "zinneke",
    ];

    /// <summary>Tables that SQL makes and the EF model does not know: the migrator's own, and those that only prepared SQL touches.</summary>
    public static readonly string[] TablesOutsideTheModel = ["migrations", "log_new", "search_docs", "search_words"];
}
