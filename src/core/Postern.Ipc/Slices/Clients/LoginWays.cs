namespace Postern.Ipc.Slices;

/// <summary>How users may log in, besides saying a password; the numbers stand on the wire.</summary>
[Flags]
public enum LoginWays
{
    /// <summary>No other way.</summary>
    None = 0,

    /// <summary>By proof of a password, of which the verifier is ours (SCRAM).</summary>
    Scram = 1,

    /// <summary>By a token (OAUTHBEARER, XOAUTH2).</summary>
    Tokens = 2,
}
