using Postern.Role.Confining;

namespace Postern.Smtpd;

/// <summary>What postern-smtpd may do; the kernel refuses it the rest.</summary>
internal static class SmtpdDeclaration
{
    /// <summary>Whatever its slice says.</summary>
    internal static readonly Declaration Own = new() { Sockets = SocketUse.Accept | SocketUse.HandOver };
}
