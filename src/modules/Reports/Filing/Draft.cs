namespace Zinneke.Reports;

/// <summary>The four screens of a report, in their order.</summary>
internal enum Screen
{
    Where,
    What,
    Details,
    Send,
}

/// <summary>A report while it is being written. It travels in a signed hidden field of the form: no session, no cookie, and going back keeps everything.</summary>
public sealed record Draft
{
    public NewReport Report { get; init; } = new();

    /// <summary>Photos stored so far, without an owner until the report is sent.</summary>
    public IReadOnlyList<DraftPhoto> Photos { get; init; } = [];

    /// <summary>Where a photo says it was taken, until the person takes that place or sends the report without it.</summary>
    public PhotoPlace? PhotoPlace { get; init; }
}

/// <summary>Degrees, WGS 84.</summary>
public sealed record PhotoPlace(double Lon, double Lat);

/// <summary>A photo of a draft.</summary>
/// <param name="Name">Shown so that it can be taken out again.</param>
public sealed record DraftPhoto(Guid File, string Name);
