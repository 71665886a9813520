namespace Zinneke.Reports;

/// <summary>What a request comes from, as hashes under a key of this installation: they tell one sender from another, and nobody who they are (docs/decisions/0029).</summary>
/// <param name="Device">Null when it names none.</param>
/// <param name="Address">Of the household's network address; null behind a key, where it is that of a program which many use.</param>
internal sealed record SentFrom(string? Device, string? Address)
{
    public const string OfDevice = "device", OfAddress = "address";

    private const string DeviceBegins = "dev-", AddressBegins = "net-";

    /// <summary>The same device and the same address give the same, whatever they did.</summary>
    public static SentFrom Of(string? device, string? address) => new(device is null ? null : DeviceBegins + device, address is null ? null : AddressBegins + address);

    public bool IsKnown => Device is not null || Address is not null;

    /// <summary>By what it can be told from others, the closer one first.</summary>
    public IEnumerable<string> Kinds => new[] { Device is null ? null : OfDevice, Address is null ? null : OfAddress }.OfType<string>();

    /// <summary>The hash of this kind; null when there is none.</summary>
    public string? KeyOf(string? kind) => kind switch { OfDevice => Device, OfAddress => Address, _ => null };

    /// <summary>The kind of a hash.</summary>
    public static string KindOf(string key) => key.StartsWith(DeviceBegins, StringComparison.Ordinal) ? OfDevice : OfAddress;
}

/// <summary>What a report was sent from. Kept as long as network addresses (<see cref="Periods"/>), beside the report: nobody is shown it, and it goes without touching anything else.</summary>
internal sealed class ReportSender
{
    public required Guid ReportId { get; init; }

    public string? Device { get; init; }

    public string? Address { get; init; }

    /// <summary>UTC microseconds.</summary>
    public required long At { get; init; }

    public SentFrom From => new(Device, Address);
}

/// <summary>A sender from whom nothing is taken for a while.</summary>
internal sealed class SenderBlock
{
    public const int Days = 30;

    public required Guid Id { get; init; }

    /// <summary>The hash of a device or a network address, as <see cref="SentFrom"/> has it.</summary>
    public required string Sender { get; init; }

    /// <summary>The report for which it was blocked.</summary>
    public required Guid ReportId { get; set; }

    /// <summary>The body in whose name it was done.</summary>
    public required string? Body { get; set; }

    /// <summary>One of <see cref="ReportFlag.Reasons"/>.</summary>
    public required string Reason { get; set; }

    /// <summary>UTC microseconds.</summary>
    public required long At { get; set; }

    /// <summary>From this instant on it counts no more, UTC microseconds.</summary>
    public required long Until { get; set; }

    public string By => SentFrom.KindOf(Sender);
}
