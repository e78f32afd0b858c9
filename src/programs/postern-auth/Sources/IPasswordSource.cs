using Postern.Sasl;
using Postern.Text;

namespace Postern.Auth.Sources;

/// <summary>Somebody else who says whether a password is right.</summary>
internal interface IPasswordSource
{
    /// <summary>Asks; the answer comes once, later or at once, and always.</summary>
    /// <param name="claim">What is to be judged.</param>
    /// <param name="client">Where the client is.</param>
    /// <param name="answer">Gets the verdict and, for a right one, the account.</param>
    void Check(PasswordClaim claim, IpAddress client, Action<PasswordVerdict, string> answer);
}

/// <summary>What somebody else says of a password.</summary>
internal enum PasswordVerdict
{
    /// <summary>It is right.</summary>
    Right,

    /// <summary>It is not, or there is no such account, or it may not log in.</summary>
    Wrong,

    /// <summary>Nothing, or nothing that can be understood, or too late.</summary>
    Unavailable,
}
