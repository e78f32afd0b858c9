namespace Postern.Ipc.Logins;

/// <summary>The mechanisms of logging in, by their registered names; the numbers stand on the wire.</summary>
public enum LoginMechanism
{
    /// <summary>None: no frame has it.</summary>
    None = 0,

    /// <summary>PLAIN (RFC 4616).</summary>
    Plain = 1,

    /// <summary>LOGIN.</summary>
    Login = 2,

    /// <summary>SCRAM-SHA-256 (RFC 7677).</summary>
    ScramSha256 = 3,

    /// <summary>SCRAM-SHA-256-PLUS (RFC 7677).</summary>
    ScramSha256Plus = 4,
}
