namespace Postern.CommandLine.Server;

/// <summary>What an act touched.</summary>
/// <param name="Recipients">Recipients.</param>
/// <param name="Messages">Messages that they are of.</param>
/// <param name="Tried">How many of the recipients of a named message are being tried now.</param>
internal readonly record struct ActTally(ulong Recipients, ulong Messages, ulong Tried)
{
    /// <summary>Both together.</summary>
    public static ActTally operator +(ActTally left, ActTally right) =>
        new(left.Recipients + right.Recipients, left.Messages + right.Messages, left.Tried + right.Tried);
}
