namespace Postern.Ipc.Wire;

/// <summary>The shape of a frame and how large one may be.</summary>
public static class FrameLimits
{
    /// <summary>Bytes before a payload: its length (4, little-endian) and the frame's type (2).</summary>
    public const int HeaderSize = 6;

    /// <summary>Content bytes in one frame: one disk-friendly piece that nobody has to wait long behind.</summary>
    public const int MaxContent = 64 * 1024;

    /// <summary>Largest payload: a content piece with its ids, or a recipient with everything DSN allows.</summary>
    public const int MaxPayload = MaxContent + 1024;

    /// <summary>Content bytes that may be under way per transaction before the receiver grants more.</summary>
    public const int ContentWindow = 256 * 1024;
}
