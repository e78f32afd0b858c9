using System.Text;
using Postern.Ipc.Securing;

namespace Postern.Smtpd.Sessions;

/// <summary>What was agreed with a client that speaks TLS.</summary>
/// <param name="Version">TLSv1.2 or TLSv1.3.</param>
/// <param name="Suite">The cipher suite, by its name in the registry.</param>
/// <param name="Exporter">The channel binding "tls-exporter"; empty for none.</param>
/// <param name="EndPoint">The channel binding "tls-server-end-point"; empty for none.</param>
/// <param name="Voucher">What postern-auth is to be told of the client's certificate; empty for none.</param>
internal sealed record SessionSecurity(string Version, byte[] Suite, byte[] Exporter, byte[] EndPoint, byte[] Voucher)
{
    /// <summary>True when a login can be bound to the connection.</summary>
    internal bool HasBinding => Exporter.Length > 0 || EndPoint.Length > 0;

    /// <summary>Keeps what the frame says.</summary>
    internal static SessionSecurity Of(in SecuredFrame frame) =>
        new(frame.Version, Encoding.ASCII.GetBytes(frame.Suite), frame.Exporter.ToArray(), frame.EndPoint.ToArray(), frame.Voucher.ToArray());
}
