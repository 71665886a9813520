using System.Text.RegularExpressions;

namespace Zinneke.Kernel;

/// <summary>A person whose data are asked for: known by account, by address, or by both.</summary>
/// <param name="Account">Id of the account; null for somebody who only left an address.</param>
/// <param name="Email">As <see cref="EmailAddress.Read"/> gives it; null when the account has none.</param>
public sealed record Person(Guid? Account, string? Email);

/// <summary>A file that belongs to a person's data.</summary>
public sealed partial record PersonalFile
{
    /// <param name="name">Its path in the archive: words of letters, digits, hyphens and dots, none of which begins with a dot, between slashes; so that it stays in its folder wherever it is unpacked.</param>
    /// <param name="path">Where it lies; it may be gone when it is read.</param>
    /// <exception cref="ArgumentException">The name is none of those: a bug.</exception>
    public PersonalFile(string name, string path)
    {
        (Name, Path) = SafeName().IsMatch(name) ? (name, path) : throw new ArgumentException($"not a name for an archive: {name}");
    }

    public string Name { get; }

    public string Path { get; }

    [GeneratedRegex(@"^[A-Za-z0-9-][A-Za-z0-9.-]*(/[A-Za-z0-9-][A-Za-z0-9.-]*)*\z")]
    private static partial Regex SafeName();
}

/// <summary>Reading some of what may be much.</summary>
public static class PersonalSlices
{
    /// <summary>The first of them; all for null.</summary>
    public static IQueryable<T> First<T>(this IQueryable<T> all, int? most) => most is { } some ? all.Take(some) : all;
}

/// <summary>
/// What a part of the program holds about persons (K19): why and for how long is said in words, and a person sees, takes along and erases it. Every part that stores
/// personal data contributes one.
/// </summary>
public abstract class PersonalData
{
    /// <summary>Area and noun: <c>reports.contact</c>. Its words are <c>{Key}.data.what</c>, <c>.data.why</c> and <c>.data.life</c> in four languages.</summary>
    public abstract string Key { get; }

    /// <summary>Everything held about the person, as objects that are written as JSON; an empty list when there is nothing. The newest come first, what there are few of before what there may be many of.</summary>
    public abstract Task<IReadOnlyList<object>> ExportAsync(Store store, Person person, CancellationToken cancellation);

    /// <summary>The first of them, for a page; a part that may hold much reads no more than that.</summary>
    /// <param name="most">Of each kind of record at most so many; more may come of a part that never holds much.</param>
    public virtual Task<IReadOnlyList<object>> NewestAsync(Store store, Person person, int most, CancellationToken cancellation) => ExportAsync(store, person, cancellation);

    /// <summary>The files that belong to it, such as the photos that the person sent; most parts have none.</summary>
    public virtual Task<IReadOnlyList<PersonalFile>> FilesAsync(Store store, Person person, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<PersonalFile>>([]);

    /// <summary>Erases or anonymises it, and what must stay by law not. Called again after a crash, so it must not mind that much is gone already.</summary>
    /// <returns>How many records were erased.</returns>
    public abstract Task<int> EraseAsync(Unit unit, Person person, CancellationToken cancellation);

    /// <summary>Erases what has reached its age, a slice at a time.</summary>
    /// <returns>How many records were erased; called again until it says 0.</returns>
    public abstract Task<int> RetainAsync(Unit unit, CancellationToken cancellation);
}
