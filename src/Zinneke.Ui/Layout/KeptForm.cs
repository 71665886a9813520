namespace Zinneke.Ui;

/// <summary>A form that a change of language must not lose: it is sent to the same page in the other language with the field <see cref="Stay"/>, and comes back as it was filled.</summary>
/// <param name="Form">Id of the form.</param>
/// <param name="EnterName">Name of the button that Enter in a field presses; null for one without a name.</param>
/// <param name="To">Where the form goes for a language, when it would do something at the address of its page; null for that address.</param>
public sealed record KeptForm(string Form, string? EnterName = null, Func<string, string>? To = null)
{
    public const string Stay = "stay";
}
