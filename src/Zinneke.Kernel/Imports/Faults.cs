namespace Zinneke.Kernel;

/// <summary>Gathers the faults of a file while it is checked to its end: counts all, keeps the first hundred.</summary>
/// <param name="each">Told every fault, also those that are not kept.</param>
public sealed class Faults(Action<Fault>? each = null)
{
    public const int ShownMax = 100;

    private readonly List<Fault> first = [];

    public int Count { get; private set; }

    public bool None => Count == 0;

    /// <summary>The first <see cref="ShownMax"/> faults in the order they were found.</summary>
    public IReadOnlyList<Fault> First => first;

    /// <param name="line">1-based, 0 for the whole file.</param>
    /// <param name="field">Column or path, empty for the whole line.</param>
    /// <param name="found">What stands there; shortened here.</param>
    /// <param name="expected">What should stand there.</param>
    public void Add(int line, string field, string? found, string expected)
    {
        Count++;
        if (first.Count == ShownMax && each is null)
        {
            return;
        }
        var fault = new Fault(line, field, Fault.Shorten(found), expected);
        if (first.Count < ShownMax)
        {
            first.Add(fault);
        }
        each?.Invoke(fault);
    }

    public void Add(JsonTree at, string expected) => Add(at.Line, at.Path, at.ToString(), expected);

    /// <summary>Ends a verb with exit code 2 when there was any fault.</summary>
    /// <exception cref="BadInputException">Names the first.</exception>
    public void ThrowIfAny(string file)
    {
        if (!None)
        {
            throw new BadInputException(file, first);
        }
    }
}
