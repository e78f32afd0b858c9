using System.Text;
using Postern.Ipc.Delivery;

namespace Postern.Remote.Hops;

/// <summary>A next hop as the queue names it; equal hops share connections.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Destination">Domain, host or path; one char per byte.</param>
/// <param name="Port">The port, 0 for a path.</param>
internal readonly record struct Hop(HopKind Kind, string Destination, ushort Port)
{
    /// <summary>True for LMTP (RFC 2033).</summary>
    internal bool IsLmtp => Kind is HopKind.LmtpHost or HopKind.LmtpSocket;

    /// <summary>True when TLS comes before the first word (RFC 8314 §3.3).</summary>
    internal bool IsTls => Kind == HopKind.TlsHost;

    /// <summary>The hop of an attempt.</summary>
    internal static Hop Of(scoped in DeliveryStartFrame frame) =>
        new(frame.Hop, Encoding.Latin1.GetString(frame.Destination), frame.Port);
}
