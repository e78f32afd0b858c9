using System.Text;
using Postern.Tls.Native;

namespace Postern.Tls.Sessions;

/// <summary>Tells OpenSSL whom a client expects, and asks it afterwards who it was.</summary>
/// <remarks>
/// It judges while it shakes hands, and goes on whatever it finds: the caller sees the verdict before it has said a word, and a
/// handshake that failed for a reason of its own is not mistaken for a wrong certificate.
/// </remarks>
internal static unsafe class Expectations
{
    private const int ControlHostName = 55;

    // RFC 6125: the names of the certificate count, not its subject; an asterisk stands for a whole label.
    private const uint NeverSubject = 0x20;
    private const uint NoPartialWildcards = 0x4;

    // RFC 7672 §3.1.1: with an association of the server's own key neither names nor dates of the certificate matter.
    private const nuint OwnKeyNeedsNoName = 1;

    // Who listens is kept out by a weak key, too; who is to be known by it must have a strong one.
    private const int WeakestKnown = 2;
    private const int WeakestUnknown = 1;

    private const int NotYetValid = 9;
    private const int Over = 10;
    private const int SelfSigned = 18;
    private const int SelfSignedInChain = 19;
    private const int NoIssuer = 20;
    private const int NoIssuerHere = 21;
    private const int NameMismatch = 62;
    private const int NoAssociation = 65;

    /// <summary>Tells it.</summary>
    /// <exception cref="InvalidOperationException">OpenSSL does not take a name or an association.</exception>
    internal static void Set(nint session, TlsExpectation expectation)
    {
        var isKnown = expectation.Assurance != TlsAssurance.None;
        SslCalls.SetSessionSecurityLevel(session, isKnown ? WeakestKnown : WeakestUnknown);
        if (expectation.ServerName is { } told)
        {
            fixed (byte* name = Terminated(told))
            {
                Must(SslCalls.Control(session, ControlHostName, 0, name) == 1);
            }
        }

        if (!isKnown)
        {
            return;
        }

        Must(expectation.Names.Count > 0);
        SslCalls.SetNameRules(session, NeverSubject | NoPartialWildcards);
        fixed (byte* name = Terminated(expectation.Names[0]))
        {
            Must(expectation.Assurance == TlsAssurance.Association
                ? SslCalls.ExpectAssociated(session, name) == 1
                : SslCalls.ExpectName(session, name) == 1);
        }

        for (var i = 1; i < expectation.Names.Count; i++)
        {
            fixed (byte* name = Terminated(expectation.Names[i]))
            {
                Must(SslCalls.ExpectAlso(session, name) == 1);
            }
        }

        if (expectation.Assurance == TlsAssurance.Association)
        {
            SetAssociations(session, expectation.Associations);
        }
    }

    /// <summary>Asks who it was, after the handshake.</summary>
    internal static TlsVerdict Judge(nint session, TlsAssurance assurance)
    {
        if (assurance == TlsAssurance.None)
        {
            return TlsVerdict.NotAsked;
        }

        // Without a certificate OpenSSL has nothing against it.
        if (SslCalls.PeerCertificate(session) == 0)
        {
            return TlsVerdict.Unfit;
        }

        return (int)SslCalls.VerifyResult(session) switch
        {
            0 when assurance == TlsAssurance.Authority || SslCalls.AssociationDepth(session, null, null) >= 0 => TlsVerdict.Known,
            0 or NoAssociation => TlsVerdict.NotAssociated,
            NameMismatch => TlsVerdict.OtherName,
            NotYetValid or Over => TlsVerdict.Expired,
            SelfSigned or SelfSignedInChain or NoIssuer or NoIssuerHere => TlsVerdict.NotVouchedFor,
            _ => TlsVerdict.Unfit,
        };
    }

    // What OpenSSL has no use for is passed over; one at least has to be left.
    private static void SetAssociations(nint session, IReadOnlyList<TlsAssociation> associations)
    {
        _ = SslCalls.SetAssociationRules(session, OwnKeyNeedsNoName);
        var usable = 0;
        foreach (var each in associations)
        {
            fixed (byte* data = each.Data)
            {
                usable += each.IsUsable && SslCalls.AddAssociation(
                    session, each.Usage, each.Selector, each.Matching, data, (nuint)each.Data.Length) > 0 ? 1 : 0;
            }
        }

        CryptoCalls.ClearErrors();
        Must(usable > 0);
    }

    private static byte[] Terminated(string name) =>
        name.Length > 0 && Ascii.IsValid(name) && !name.Contains('\0') ? [.. Encoding.ASCII.GetBytes(name), 0]
            : throw new InvalidOperationException("a name of a server is in ASCII");

    private static void Must(bool taken)
    {
        if (!taken)
        {
            throw new InvalidOperationException($"OpenSSL does not take what is expected of a server: {OpenSsl.Reason}");
        }
    }
}
