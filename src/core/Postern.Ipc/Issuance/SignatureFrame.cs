using Postern.Ipc.Wire;

namespace Postern.Ipc.Issuance;

/// <summary>tls → acme: the signed request, ready to be sent (JWS in flattened JSON, RFC 8555 §6.2).</summary>
public readonly ref struct SignatureFrame : IFrame<SignatureFrame>
{
    /// <summary>The longest one: a hundred names at their longest, twice in base64, and the addresses.</summary>
    public const int MaxBody = 60_000;

    public static ushort Type => 93;

    /// <summary>The request's content; empty when it is not signed, which tls says why in its log.</summary>
    public required ReadOnlySpan<byte> Body { get; init; }

    public void Write(scoped in FrameWriter writer) => writer.Rest(Body);

    public static bool TryRead(ref FrameReader reader, out SignatureFrame frame)
    {
        frame = new SignatureFrame { Body = reader.Rest(MaxBody) };
        return reader.End();
    }
}
