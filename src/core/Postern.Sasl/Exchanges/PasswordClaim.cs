namespace Postern.Sasl;

/// <summary>A name and a password that somebody else has to judge.</summary>
/// <param name="Name">As <see cref="AccountName"/> gives it.</param>
/// <param name="Password">As the client sent it: one byte or more, none of them NUL.</param>
public sealed record PasswordClaim(string Name, byte[] Password)
{
    /// <summary>The longest password that is passed on, in bytes; arbitrary, below what Dovecot takes in a line.</summary>
    public const int MaxPassword = 1024;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ***";
}
