using Postern.Ipc.Logins;
using Postern.Ipc.Wire;

namespace Postern.Ipc.Directory;

/// <summary>smtpd → directory: may who has logged in send from this address? Answered as a question about a recipient: Local for yes, Foreign for no.</summary>
public readonly ref struct SenderQuestionFrame : IFrame<SenderQuestionFrame>
{
    public static ushort Type => 66;

    /// <summary>Echoed in every answer.</summary>
    public required uint Question { get; init; }

    /// <summary>The account.</summary>
    public required ReadOnlySpan<byte> Login { get; init; }

    /// <summary>The address.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Question);
        writer.Bytes(Login);
        writer.Bytes(Address);
    }

    public static bool TryRead(ref FrameReader reader, out SenderQuestionFrame frame)
    {
        frame = new SenderQuestionFrame
        {
            Question = reader.UInt32(),
            Login = reader.Bytes(LoginResultFrame.MaxName),
            Address = reader.Bytes(AddressLimits.MaxAddress),
        };
        return reader.End();
    }
}
