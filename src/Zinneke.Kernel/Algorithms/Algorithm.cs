using System.Reflection;
using System.Text.Json.Nodes;

namespace Zinneke.Kernel;

/// <summary>
/// A use of an algorithm that a module contributes to the public register: what the code says of itself, and the entry as it is shipped. An installation completes or
/// changes the entry (<see cref="ImportAlgorithms"/>); what is in force stands in <see cref="AlgorithmRegister"/>.
/// </summary>
public sealed class Algorithm
{
    private readonly Lazy<JsonObject> shipped;

    /// <param name="key">Name of the declared function, <c>module.verb</c>: <c>reports.route</c>.</param>
    /// <param name="modelVersion">Version that the code has at run time. Raise it when the same input can come out otherwise: an installation that approved another one then refuses it.</param>
    /// <param name="assembly">Holds the shipped entry.</param>
    /// <param name="resource">Name of the embedded JSON; its fields are those of <see cref="AlgorithmFields"/>.</param>
    public Algorithm(string key, string modelVersion, Assembly assembly, string resource)
    {
        (Key, ModelVersion) = (key, modelVersion);
        shipped = new Lazy<JsonObject>(() => AlgorithmsFile.ReadShipped(key, assembly, resource));
    }

    public string Key { get; }

    public string ModelVersion { get; }

    /// <summary>
    /// Kind of the catalogue that steers it, if one does. Somebody who puts an edition in force has looked at it: unless the entry says otherwise, that is the date of its
    /// last change, and the next review is due a year later.
    /// </summary>
    public string? Catalogue { get; init; }

    /// <summary>Keys of the <see cref="PersonalData"/> that it reads.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>Who is shown what came out, as codes: <c>reporter, holder</c>.</summary>
    public IReadOnlyList<string> ShownTo { get; init; } = [];

    /// <summary>The page that shows the outcome asks a person to decide again with one press. What decides alone may not run without it.</summary>
    public bool AsksAPerson { get; init; }

    /// <summary>The entry as it is shipped.</summary>
    internal JsonObject Shipped => shipped.Value;
}

/// <summary>
/// Declares a function that ranks, classifies, scores, routes or decides about persons or their requests. It is called inside <see cref="AlgorithmGate"/> only; a test of
/// the house looks at every call.
/// </summary>
/// <param name="algorithm">Key of its <see cref="Algorithm"/>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AutomatedFunctionAttribute(string algorithm) : Attribute
{
    public string Algorithm { get; } = algorithm;
}
