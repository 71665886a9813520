namespace Zinneke.Kernel;

/// <summary>
/// A verb of the command line that a module contributes: <c>./zinneke {Area} {Verb} ...</c> (K3). Register it as an instance,
/// <c>services.AddSingleton&lt;Command&gt;(new Command("reports", "due", ...))</c>, because it is found before anything else is made.
/// </summary>
/// <param name="Area">The module's or noun's word; null for a verb that stands alone, such as <c>serve</c>.</param>
/// <param name="Verb">What it does.</param>
/// <param name="Help">One sentence in English.</param>
/// <param name="Example">A whole command line without the program's name: <c>reports due cases.csv --holidays be.csv</c>.</param>
public sealed record Command(string? Area, string Verb, string Help, string Example)
{
    /// <summary>What stands without a name, in order; only the last may be <see cref="Setting.Many"/>, those not <see cref="Setting.Required"/> may be left out.</summary>
    public IReadOnlyList<Setting> Arguments { get; init; } = [];

    /// <summary>Options of this verb only. One with the name of a setting of the installation stands in its place.</summary>
    public IReadOnlyList<Setting> Options { get; init; } = [];

    /// <summary>Lists every setting of the installation in the help, as <c>serve</c> does.</summary>
    public bool ListsSettings { get; init; }

    /// <summary>Does it. A <see cref="BadInputException"/> ends with exit code 2 and its message; any other exception is a bug and ends with 1.</summary>
    public required Func<Call, Task<Result>> Run { get; init; }
}

/// <summary>What a verb answers: written to standard output, or to the file of <c>--out</c>.</summary>
/// <param name="Write">Writes the whole result; null when there is nothing to say.</param>
/// <param name="ExitCode">0, or 3 when there is no feasible answer and the result explains why.</param>
public sealed record Result(Func<Stream, CancellationToken, Task>? Write, int ExitCode)
{
    /// <summary>Nothing to print.</summary>
    public static Result None { get; } = new(null, 0);

    /// <summary>An object as JSON.</summary>
    public static Result Of(object value) => new((stream, stop) => System.Text.Json.JsonSerializer.SerializeAsync(stream, value, value.GetType(), Json.Options, stop), 0);

    /// <summary>Anything else, written as it comes: CSV, GeoJSON, a long list.</summary>
    public static Result Stream(Func<Stream, CancellationToken, Task> write) => new(write, 0);

    /// <summary>There is no feasible answer; the object explains.</summary>
    public static Result NoAnswer(object value) => Of(value) with { ExitCode = 3 };
}
