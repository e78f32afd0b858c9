using Postern.Ipc.Wire;

namespace Postern.Ipc.Issuance;

/// <summary>acme → tls: sign a request to the authority.</summary>
public readonly ref struct SignatureAskFrame : IFrame<SignatureAskFrame>
{
    /// <summary>The longest address, and the longest nonce. Arbitrary: those in use have some hundred bytes.</summary>
    public const int MaxText = 2048;

    public static ushort Type => 92;

    /// <summary>What the request is for.</summary>
    public required SignedPurpose Purpose { get; init; }

    /// <summary>The authority's latest nonce (RFC 8555 §6.5).</summary>
    public required ReadOnlySpan<byte> Nonce { get; init; }

    /// <summary>Where the request goes (§6.4).</summary>
    public required ReadOnlySpan<byte> Url { get; init; }

    /// <summary>The account (§6.2); empty for <see cref="SignedPurpose.Account"/>, where the key itself stands for it.</summary>
    public required ReadOnlySpan<byte> Account { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Byte((byte)Purpose);
        writer.Bytes(Nonce);
        writer.Bytes(Url);
        writer.Bytes(Account);
    }

    public static bool TryRead(ref FrameReader reader, out SignatureAskFrame frame)
    {
        frame = new SignatureAskFrame
        {
            Purpose = (SignedPurpose)reader.ByteUpTo((byte)SignedPurpose.Finish),
            Nonce = reader.Bytes(MaxText),
            Url = reader.Bytes(MaxText),
            Account = reader.Bytes(MaxText),
        };
        return reader.End() && frame.Purpose != SignedPurpose.None && frame.Account.IsEmpty == (frame.Purpose == SignedPurpose.Account);
    }
}
