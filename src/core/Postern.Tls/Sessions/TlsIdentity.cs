using Postern.Tls.Certificates;

namespace Postern.Tls.Sessions;

/// <summary>Who a service is under some names: a certificate, and one more with a key of the other kind if need be.</summary>
/// <param name="First">The one whose names count.</param>
/// <param name="Second">For peers that can't verify the first: the same names with an RSA key beside an elliptic one, or the reverse.</param>
public sealed record TlsIdentity(TlsCertificate First, TlsCertificate? Second = null);
