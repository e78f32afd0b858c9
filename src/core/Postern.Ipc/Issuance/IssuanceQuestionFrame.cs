using Postern.Ipc.Wire;

namespace Postern.Ipc.Issuance;

/// <summary>acme → tls: is there anything to do?</summary>
public readonly record struct IssuanceQuestionFrame : IFrame<IssuanceQuestionFrame>
{
    public static ushort Type => 90;

    public void Write(scoped in FrameWriter writer)
    {
    }

    public static bool TryRead(ref FrameReader reader, out IssuanceQuestionFrame frame)
    {
        frame = default;
        return reader.End();
    }
}
