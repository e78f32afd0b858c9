using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>How well mail has to be protected on its way to another server, at the least.</summary>
public enum TlsNeed
{
    /// <summary>Not at all, whatever the other side publishes.</summary>
    None = 0,

    /// <summary>As well as the other side can.</summary>
    Opportunistic = 1,

    /// <summary>By TLS, whoever it is.</summary>
    Required = 2,

    /// <summary>By TLS with a server that is known.</summary>
    Verified = 3,
}

/// <summary>remote: how mail for some domains has to be protected.</summary>
public readonly record struct TlsRuleSlice : IFrame<TlsRuleSlice>
{
    public static ushort Type => 143;

    /// <summary>A domain, "*." and a domain, or "*".</summary>
    public required string Pattern { get; init; }

    /// <summary>At least so.</summary>
    public required TlsNeed Need { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(Pattern);
        writer.Byte((byte)Need);
    }

    public static bool TryRead(ref FrameReader reader, out TlsRuleSlice frame)
    {
        frame = new TlsRuleSlice
        {
            Pattern = reader.Text(SliceLimits.MaxDomain),
            Need = (TlsNeed)reader.ByteUpTo((byte)TlsNeed.Verified),
        };
        return reader.End();
    }
}
