using Postern.Ipc.Wire;

namespace Postern.Ipc.Logins;

/// <summary>smtpd → auth: the client gave up, or is gone.</summary>
public readonly record struct LoginEndFrame : IFrame<LoginEndFrame>
{
    public static ushort Type => 76;

    /// <summary>Which exchange.</summary>
    public required uint Exchange { get; init; }

    public void Write(scoped in FrameWriter writer) => writer.UInt32(Exchange);

    public static bool TryRead(ref FrameReader reader, out LoginEndFrame frame)
    {
        frame = new LoginEndFrame { Exchange = reader.UInt32() };
        return reader.End();
    }
}
