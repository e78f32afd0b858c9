using Postern.Ipc.Wire;

namespace Postern.Ipc.Issuance;

/// <summary>tls → acme: when the next certificate is due. The answer to a question, and to a chain that was taken.</summary>
public readonly ref struct IssuanceStateFrame : IFrame<IssuanceStateFrame>
{
    /// <summary>The length of a thumbprint: SHA-256 in base64url.</summary>
    public const int ThumbprintLength = 43;

    public static ushort Type => 91;

    /// <summary>Seconds until then; 0 for now.</summary>
    public required uint DueSeconds { get; init; }

    /// <summary>The thumbprint of the account's key, which answers to challenges end with (RFC 8555 §8.1).</summary>
    public required ReadOnlySpan<byte> Thumbprint { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(DueSeconds);
        writer.Bytes(Thumbprint);
    }

    public static bool TryRead(ref FrameReader reader, out IssuanceStateFrame frame)
    {
        frame = new IssuanceStateFrame { DueSeconds = reader.UInt32(), Thumbprint = reader.Bytes(ThumbprintLength) };
        return reader.End() && frame.Thumbprint.Length == ThumbprintLength;
    }
}
