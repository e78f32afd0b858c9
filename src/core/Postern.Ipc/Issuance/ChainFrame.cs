using Postern.Ipc.Wire;

namespace Postern.Ipc.Issuance;

/// <summary>acme → tls: the certificate that the authority made, with those that vouch for it.</summary>
public readonly ref struct ChainFrame : IFrame<ChainFrame>
{
    /// <summary>The longest chain in PEM. Arbitrary: ten certificates of the largest kind.</summary>
    public const int MaxChain = 60_000;

    public static ushort Type => 94;

    /// <summary>As the authority sent it.</summary>
    public required ReadOnlySpan<byte> Chain { get; init; }

    public void Write(scoped in FrameWriter writer) => writer.Rest(Chain);

    public static bool TryRead(ref FrameReader reader, out ChainFrame frame)
    {
        frame = new ChainFrame { Chain = reader.Rest(MaxChain) };
        return reader.End();
    }
}
