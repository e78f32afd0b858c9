using Postern.Ipc.Wire;

namespace Postern.Ipc.Logins;

/// <summary>auth → smtpd: what the client is to be sent, and has to answer.</summary>
public readonly ref struct LoginChallengeFrame : IFrame<LoginChallengeFrame>
{
    public static ushort Type => 74;

    /// <summary>Which exchange.</summary>
    public required uint Exchange { get; init; }

    /// <summary>Any bytes, none included.</summary>
    public required ReadOnlySpan<byte> Challenge { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Exchange);
        writer.Rest(Challenge);
    }

    public static bool TryRead(ref FrameReader reader, out LoginChallengeFrame frame)
    {
        frame = new LoginChallengeFrame { Exchange = reader.UInt32(), Challenge = reader.Rest(LoginMessageFrame.MaxMessage) };
        return reader.End();
    }
}
