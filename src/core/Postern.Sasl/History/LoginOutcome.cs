namespace Postern.Sasl;

/// <summary>How an attempt to log in ended.</summary>
public enum LoginOutcome : byte
{
    /// <summary>With a login.</summary>
    LoggedIn = 1,

    /// <summary>The wrong name, password, proof or token.</summary>
    Refused = 2,

    /// <summary>A message that is none.</summary>
    Malformed = 3,

    /// <summary>Somebody wanted to act as another one.</summary>
    NotAuthorized = 4,

    /// <summary>Bound to another connection.</summary>
    WrongBinding = 5,

    /// <summary>Not looked at: too many guesses.</summary>
    Limited = 6,

    /// <summary>The client gave up, or was gone.</summary>
    Abandoned = 7,

    /// <summary>The password was right, and then the client did not take our proof, or left: no login, and not to be kept from whose password it is.</summary>
    Unconfirmed = 8,

    /// <summary>Whoever judges passwords could not be asked.</summary>
    Unavailable = 9,
}
