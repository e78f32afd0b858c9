using Postern.Mail;

namespace Postern.Remote.Session;

/// <summary>What came of opening a session.</summary>
/// <param name="Session">The session; null when there is none.</param>
/// <param name="Failure">Why there is none; null when there is one.</param>
/// <param name="LacksTls">True when it failed for TLS alone: without it there might be one.</param>
internal readonly record struct SessionOpening(SmtpClientSession? Session, DeliveryResult? Failure, bool LacksTls)
{
    /// <summary>How far it came with TLS.</summary>
    internal SessionTls Tls { get; init; }
}
