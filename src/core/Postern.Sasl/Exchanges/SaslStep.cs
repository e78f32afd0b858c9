namespace Postern.Sasl;

/// <summary>A server's answer within an exchange: a challenge, a login, or its end.</summary>
public readonly struct SaslStep
{
    private SaslStep(ReadOnlyMemory<byte> challenge, Login? login, SaslFailure failure, PasswordClaim? claim = null) =>
        (Challenge, Login, Failure, Claim) = (challenge, login, failure, claim);

    /// <summary>What the client is sent when it has to say more; may be empty.</summary>
    public ReadOnlyMemory<byte> Challenge { get; }

    /// <summary>Who logged in; null unless the exchange ended so.</summary>
    public Login? Login { get; }

    /// <summary>Why it failed.</summary>
    public SaslFailure Failure { get; }

    /// <summary>What somebody else has to judge; the exchange is over, and his word is how it ended. Null for all other steps.</summary>
    public PasswordClaim? Claim { get; }

    /// <summary>True when the client has to say more.</summary>
    public bool GoesOn => Login is null && Failure == SaslFailure.None && Claim is null;

    /// <summary>The client has to answer this.</summary>
    public static SaslStep Ask(ReadOnlyMemory<byte> challenge) => new(challenge, null, SaslFailure.None);

    /// <summary>It ended well.</summary>
    public static SaslStep Succeed(Login login) => new(default, login, SaslFailure.None);

    /// <summary>Somebody else has to say how it ended.</summary>
    public static SaslStep Pass(PasswordClaim claim) => new(default, null, SaslFailure.None, claim);

    /// <summary>It ended.</summary>
    public static SaslStep Fail(SaslFailure failure) => new(default, null, failure);
}

/// <summary>Somebody who logged in.</summary>
/// <param name="Name">The account.</param>
/// <param name="Label">Which of its passwords; empty for its own, and for everything that is none.</param>
public sealed record Login(string Name, string Label);
