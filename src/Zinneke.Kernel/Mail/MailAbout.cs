namespace Zinneke.Kernel;

/// <summary>A kind of thing that mails are about; who posts such mails contributes one, so that what recipients chose is not kept for longer than it serves.</summary>
/// <param name="Kind">Kind of the subject.</param>
/// <param name="Reachable">Of these ids, those about which mail may still be sent to somebody.</param>
public sealed record MailAbout(string Kind, Func<Store, IReadOnlyList<string>, CancellationToken, Task<IReadOnlySet<string>>> Reachable);
