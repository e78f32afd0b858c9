using System.Text;
using Postern.Ipc.Securing;

namespace Postern.Smtpd.Sessions;

/// <summary>What was agreed with a client that speaks TLS.</summary>
/// <param name="Version">TLSv1.2 or TLSv1.3.</param>
/// <param name="Suite">The cipher suite, by its name in the registry.</param>
internal sealed record SessionSecurity(string Version, byte[] Suite)
{
    /// <summary>Keeps what the frame says.</summary>
    internal static SessionSecurity Of(in SecuredFrame frame) => new(frame.Version, Encoding.ASCII.GetBytes(frame.Suite));
}
