namespace Zinneke.Kernel;

/// <summary>An account was made; how says through what: <c>link</c>, <c>staff</c> or <c>start</c>.</summary>
[EventType("kernel.account.created")]
public sealed record AccountCreated(string How);

/// <summary>Somebody signed in with a link.</summary>
[EventType("kernel.account.signed_in")]
public sealed record AccountSignedIn(string How, VerificationLevel Level);

/// <summary>A session was ended: by its person, or because a link was used again in the same browser.</summary>
[EventType("kernel.account.session_ended")]
public sealed record SessionEnded(Guid Session);

/// <summary>The audit row holds nothing else than these; limits are codes and ids.</summary>
[EventType("kernel.account.role_granted")]
public sealed record RoleGranted(string Role, string? Body, IReadOnlyList<string> Categories, IReadOnlyList<string> Areas);

[EventType("kernel.account.role_withdrawn")]
public sealed record RoleWithdrawn(string Role, string? Body);

/// <summary>Name or language were changed; the words are in the audit row.</summary>
[EventType("kernel.account.changed")]
public sealed record AccountChanged(IReadOnlyList<string> Fields);

/// <summary>Everything about the person was erased, so many records for each contributor of personal data.</summary>
[EventType("kernel.account.erased")]
public sealed record AccountErased(IReadOnlyDictionary<string, int> Counts);

/// <summary>The person made a token with which a program acts as them. Its name is in the row.</summary>
[EventType("kernel.account.token_made")]
public sealed record TokenMade(Guid Token, IReadOnlyList<string> Scopes, long ExpiresAt);

[EventType("kernel.account.token_revoked")]
public sealed record TokenRevoked(Guid Token);

/// <summary>A key was made. Its name is in the row.</summary>
[EventType("kernel.key.made")]
public sealed record KeyMade(IReadOnlyList<string> Scopes, string? Body, long? ExpiresAt);

[EventType("kernel.key.revoked")]
public sealed record KeyRevoked;

/// <summary>A municipality had codes made for letters to its residents.</summary>
[EventType("kernel.invitations.made")]
public sealed record InvitationsMade(int Count, long ExpiresAt);

/// <summary>One letter is worth nothing any more; with no number, all those of the list that were not used yet.</summary>
[EventType("kernel.invitations.revoked")]
public sealed record InvitationsRevoked(int? Number);

/// <summary>Somebody has shown where they live; how says by what: <c>invitation</c>. Where is in the row.</summary>
[EventType("kernel.account.residence_confirmed")]
public sealed record ResidenceConfirmed(string How);

/// <summary>An account lives nowhere any more: its <c>person</c> said so, or the letter was <c>revoked</c>.</summary>
[EventType("kernel.account.residence_ended")]
public sealed record ResidenceEnded(string How);
