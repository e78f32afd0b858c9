using Postern.Ipc.Wire;

namespace Postern.Ipc.Logins;

/// <summary>smtpd → auth: what the client says in an exchange, decoded.</summary>
public readonly ref struct LoginMessageFrame : IFrame<LoginMessageFrame>
{
    /// <summary>The longest message, in both directions: what a line of 12,288 bytes holds (RFC 4954 §4).</summary>
    public const int MaxMessage = 9216;

    public static ushort Type => 73;

    /// <summary>Which exchange.</summary>
    public required uint Exchange { get; init; }

    /// <summary>Any bytes, none included.</summary>
    public required ReadOnlySpan<byte> Message { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Exchange);
        writer.Rest(Message);
    }

    public static bool TryRead(ref FrameReader reader, out LoginMessageFrame frame)
    {
        frame = new LoginMessageFrame { Exchange = reader.UInt32(), Message = reader.Rest(MaxMessage) };
        return reader.End();
    }
}
