namespace Zinneke.Kernel;

/// <summary>What stands in a field. In rows: <c>string</c>, <c>long</c>, <c>double</c>, <c>bool</c>; an instant is UTC microseconds as <c>long</c>, a day its ISO date.</summary>
public enum FieldType
{
    Text,
    Int,
    Double,
    Boolean,
    Date,
    Datetime,
}

/// <summary>A field of a dataset; what it means is said in <c>{dataset's key}.field.{name}</c>.</summary>
/// <param name="Name">In lower case with underscores, never renamed: programs of others read it.</param>
/// <param name="Unit">As people write it; null for what has none.</param>
public sealed record DatasetField(string Name, FieldType Type, string? Unit = null);

/// <summary>Under what others may use it.</summary>
public sealed record Licence(string Id, string Name, Uri Address)
{
    public static Licence CcBy4 { get; } = new("cc-by-4.0", "CC BY 4.0", new Uri("https://creativecommons.org/licenses/by/4.0/"));

    public static Licence Cc0 { get; } = new("cc0-1.0", "CC0 1.0", new Uri("https://creativecommons.org/publicdomain/zero/1.0/"));
}

/// <summary>How often rows change.</summary>
public enum UpdateFrequency
{
    /// <summary>With every event.</summary>
    Continuous,
    Daily,
}

/// <summary>Some rows, each with a value for each field of the dataset, and where the next begin.</summary>
/// <param name="Next">Null at the end.</param>
public sealed record DatasetSlice(IReadOnlyList<object?[]> Rows, string? Next);

/// <summary>
/// Open data of a part of the program (K45): what it is, and its rows as they are now. Contributed with <c>AddSingleton&lt;Dataset, X&gt;()</c>; the list, the files, the API and the page of open data follow from it. Its words are
/// <c>{TextKey}.title</c>, <c>{TextKey}.text</c>, and <c>{TextKey}.field.{name}</c> for each field, in four languages. Whatever it gives is public.
/// </summary>
public abstract class Dataset
{
    /// <summary><c>[a-z0-9][a-z0-9-]*</c>, never renamed.</summary>
    public abstract string Id { get; }

    public abstract string TextKey { get; }

    public abstract IReadOnlyList<DatasetField> Fields { get; }

    /// <summary>The field whose values are unique.</summary>
    public string Key => Fields[0].Name;

    public virtual Licence Licence => Licence.CcBy4;

    public abstract UpdateFrequency Frequency { get; }

    /// <summary>Rows have a place: the fields <c>lon</c> and <c>lat</c>, degrees of WGS 84, or null.</summary>
    public bool HasPlaces => Fields.Any(one => one.Name == "lon");

    /// <summary>Rows in an order that does not change, read in one short query: however long the dataset is, no query holds up the store.</summary>
    /// <param name="after">What the slice before gave; null for the beginning.</param>
    /// <param name="most">At most so many, 1 to 2,000.</param>
    public abstract Task<DatasetSlice> SliceAsync(string? after, int most, CancellationToken cancellation);
}
