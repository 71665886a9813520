namespace Zinneke.Kernel;

/// <summary>
/// A kind of mail that a module sends. Its words are <c>{Key}.subject</c> (one line) and <c>{Key}.text</c> (paragraphs divided by an empty line) in four languages, with
/// the places {0}, {1} ... of the message's arguments.
/// </summary>
/// <param name="Key">Area and noun: <c>reports.mail.received</c>.</param>
public sealed record Notice(string Key)
{
    /// <summary>Must be told: whoever gets it can neither stop it nor choose when.</summary>
    public bool Always { get; init; }
}

/// <summary>How often somebody wants mail about a thing.</summary>
public enum MailPace
{
    AtOnce,

    /// <summary>Together with the rest of the day, at 7 o'clock in the zone of the installation.</summary>
    Daily,

    /// <summary>On Monday at 7 o'clock.</summary>
    Weekly,

    Never,
}

/// <summary>A link under the text of a mail; the first is shown as a button.</summary>
/// <param name="Label">Words in the language of the mail.</param>
public sealed record MailLink(string Label, Uri Address);

/// <summary>A mail that a use case or a follower wants sent.</summary>
/// <param name="Notice">Key of a contributed <see cref="Zinneke.Kernel.Notice"/>.</param>
/// <param name="Event">What it tells about, such as <c>{event id}</c> or <c>reports.due:{report}:{day}</c>: for one address it is posted once, however often it is asked for.</param>
/// <param name="Address">As <see cref="EmailAddress.Read"/> gives it.</param>
/// <param name="Language">Language of the recipient.</param>
/// <param name="Arguments">For the places of the words. <see cref="Text"/> is shown in the recipient's language; what people wrote is shown as plain text.</param>
public sealed record Message(string Notice, string Event, string Address, string Language, params IReadOnlyList<object> Arguments)
{
    /// <summary>What one can do about it, in the language of the recipient.</summary>
    public IReadOnlyList<MailLink> Links { get; init; } = [];

    /// <summary>
    /// The thing that the recipient subscribed to: such a mail can be unsubscribed with one click, and its pace chosen. Null for what must always be told; with a notice that is
    /// <see cref="Notice.Always"/> told the thing is named so that what the mail holds of people can be taken out again.
    /// </summary>
    public Subject? About { get; init; }

    /// <summary>How to reach a person, in the language of the recipient: the last paragraph, which <see cref="Mails.TakeOutContactAsync"/> takes out again. Only with a notice that is <see cref="Notice.Always"/> told.</summary>
    public string? Contact { get; init; }

    /// <summary>How often, as long as the recipient chose nothing else for this thing.</summary>
    public MailPace Pace { get; init; }
}
