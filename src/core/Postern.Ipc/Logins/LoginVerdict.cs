namespace Postern.Ipc.Logins;

/// <summary>How an exchange ended; the numbers stand on the wire.</summary>
public enum LoginVerdict
{
    /// <summary>The client is who it says.</summary>
    LoggedIn = 0,

    /// <summary>It is not, or nobody is; why is not told.</summary>
    Refused = 1,

    /// <summary>What it sent is no message of the mechanism.</summary>
    Malformed = 2,

    /// <summary>Too many guesses: it is to come later, right or wrong.</summary>
    Later = 3,

    /// <summary>Nothing can be said now: the accounts can't be read.</summary>
    Unavailable = 4,

    /// <summary>There is no such mechanism here and now.</summary>
    Unsupported = 5,
}
