using Postern.Ipc.Wire;

namespace Postern.Ipc.Logins;

/// <summary>auth → smtpd: the end of an exchange.</summary>
public readonly ref struct LoginResultFrame : IFrame<LoginResultFrame>
{
    /// <summary>The longest name of an account, in bytes: as long as an address (RFC 5321 §4.5.3.1.3).</summary>
    public const int MaxName = 254;

    public static ushort Type => 75;

    /// <summary>Which exchange.</summary>
    public required uint Exchange { get; init; }

    /// <summary>How it ended.</summary>
    public required LoginVerdict Verdict { get; init; }

    /// <summary>The account that logged in, in UTF-8; empty when none did.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Exchange);
        writer.Byte((byte)Verdict);
        writer.Bytes(Name);
    }

    public static bool TryRead(ref FrameReader reader, out LoginResultFrame frame)
    {
        frame = new LoginResultFrame
        {
            Exchange = reader.UInt32(),
            Verdict = (LoginVerdict)reader.ByteUpTo((byte)LoginVerdict.Unsupported),
            Name = reader.Bytes(MaxName),
        };
        return reader.End() && frame.Name.IsEmpty == (frame.Verdict != LoginVerdict.LoggedIn);
    }
}
