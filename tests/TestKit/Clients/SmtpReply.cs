namespace Postern.TestKit.Clients;

/// <summary>A server's reply.</summary>
/// <param name="Code">Its three digits.</param>
/// <param name="Text">All its lines.</param>
public sealed record SmtpReply(int Code, string Text)
{
    /// <summary>Throws unless the code begins with the digit.</summary>
    public SmtpReply Must(int digit) => Code / 100 == digit ? this : throw new InvalidOperationException($"Expected {digit}xx: {Text}");
}
