using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Postern.Ipc;
using Postern.Ipc.Issuance;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Keyholder.Tests.Harness;

/// <summary>A request that tls signed, taken apart by the framework's means; its signature is verified.</summary>
/// <param name="Head">The protected header.</param>
/// <param name="Payload">The content; empty for none.</param>
internal sealed record SignedRequest(JsonElement Head, string Payload)
{
    /// <summary>The request for a certificate in it.</summary>
    internal byte[] Csr => Base64Url.DecodeFromChars(JsonDocument.Parse(Payload).RootElement.GetProperty("csr").GetString());

    /// <summary>The key that made the request for a certificate.</summary>
    internal string CsrKey => Convert.ToHexString(LoadCsr().PublicKey.EncodedKeyValue.RawData);

    /// <summary>Reads the request for a certificate; its signature is verified.</summary>
    internal CertificateRequest LoadCsr() => CertificateRequest.LoadSigningRequest(
        Csr, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);

    /// <summary>Takes a request apart, and demands that a key signed it.</summary>
    /// <param name="body">The request.</param>
    /// <param name="key">The account's key; null for the one that the request names.</param>
    internal static SignedRequest Of(byte[] body, ECDsa? key = null)
    {
        using var whole = JsonDocument.Parse(body);
        Assert.Equal(["protected", "payload", "signature"], whole.RootElement.EnumerateObject().Select(member => member.Name));
        string Part(string name) => whole.RootElement.GetProperty(name).GetString()!;
        var head = JsonDocument.Parse(Base64Url.DecodeFromChars(Part("protected"))).RootElement;
        key ??= KeyOf(head.GetProperty("jwk"));
        Assert.Equal("ES256", head.GetProperty("alg").GetString());
        var signed = Encoding.ASCII.GetBytes($"{Part("protected")}.{Part("payload")}");
        Assert.True(key.VerifyData(signed, Base64Url.DecodeFromChars(Part("signature")), HashAlgorithmName.SHA256), "the signature does not verify");
        return new(head, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Part("payload"))));
    }

    internal static ECDsa KeyOf(JsonElement jwk)
    {
        Assert.Equal(("EC", "P-256"), (jwk.GetProperty("kty").GetString(), jwk.GetProperty("crv").GetString()));
        return ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(jwk.GetProperty("x").GetString()), Y = Base64Url.DecodeFromChars(jwk.GetProperty("y").GetString()) },
        });
    }
}

/// <summary>acme's end of its line to tls, on a loop of its own: it asks what it likes.</summary>
internal sealed class AcmeEnd : IChannelEvents, IDisposable
{
    internal const string Url = "https://ca.test/x";
    internal const string Account = "https://ca.test/account/7";

    private static readonly ECDsa _authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly Action _turn;
    private readonly Channel _channel;
    private byte[]? _body;

    /// <param name="turn">Lets tls do what it has to do.</param>
    /// <param name="connect">Gives tls the other end.</param>
    internal AcmeEnd(Action turn, Action<Descriptor> connect)
    {
        _turn = turn;
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        _channel = new Channel(_loop, ours!, this) { MaxUnsent = 256 * 1024 };
        connect(theirs!);
        Turn();
    }

    /// <summary>The last state: seconds, thumbprint.</summary>
    internal (uint Due, string Thumbprint)? State { get; private set; }

    internal bool IsClosed => _channel.IsClosed;

    /// <summary>The key of the account, once it was shown.</summary>
    internal ECDsa? Key { get; private set; }

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == IssuanceStateFrame.Type && IssuanceStateFrame.TryRead(ref reader, out var state))
        {
            State = (state.DueSeconds, Encoding.ASCII.GetString(state.Thumbprint));
            return true;
        }

        Assert.True(type == SignatureFrame.Type && SignatureFrame.TryRead(ref reader, out var signature) && (_body = signature.Body.ToArray()).Length > 0);
        return true;
    }

    public void OnChannelClosed(Channel channel, bool hostile) => Assert.False(hostile);

    /// <summary>Asks when the next certificate is due; null when the line ended.</summary>
    internal (uint Due, string Thumbprint)? Ask()
    {
        State = null;
        _channel.Send(default(IssuanceQuestionFrame));
        Turn();
        return State;
    }

    /// <summary>Has something signed; null when the line ended.</summary>
    internal byte[]? SignRaw(SignedPurpose purpose, string nonce = "n0nce-_", string url = Url, string? account = null)
    {
        _body = null;
        _channel.Send(new SignatureAskFrame
        {
            Purpose = purpose,
            Nonce = Encoding.Latin1.GetBytes(nonce),
            Url = Encoding.Latin1.GetBytes(url),
            Account = Encoding.Latin1.GetBytes(account ?? (purpose == SignedPurpose.Account ? "" : Account)),
        });
        Turn();
        return _body;
    }

    /// <summary>The same, taken apart.</summary>
    internal SignedRequest Sign(SignedPurpose purpose)
    {
        if (Key is null)
        {
            var shown = SignedRequest.Of(SignRaw(SignedPurpose.Account)!);
            Key = SignedRequest.KeyOf(shown.Head.GetProperty("jwk"));
        }

        return SignedRequest.Of(SignRaw(purpose)!, purpose == SignedPurpose.Account ? null : Key);
    }

    /// <summary>Orders, and returns the request for a certificate.</summary>
    internal SignedRequest Finish()
    {
        _ = Sign(SignedPurpose.Order);
        return Sign(SignedPurpose.Finish);
    }

    /// <summary>Hands in a chain; the state afterwards, null when the line ended.</summary>
    internal (uint Due, string Thumbprint)? HandIn(string chain)
    {
        State = null;
        _channel.Send(new ChainFrame { Chain = Encoding.Latin1.GetBytes(chain) });
        Turn();
        return State;
    }

    /// <summary>What an authority makes of a request, with the names that it likes.</summary>
    internal static string Certify(SignedRequest request, DateTimeOffset from, DateTimeOffset until, params string[] names)
    {
        var asked = request.LoadCsr();
        if (names.Length > 0)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            Array.ForEach(names, alternatives.AddDnsName);
            asked.CertificateExtensions.Clear();
            asked.CertificateExtensions.Add(alternatives.Build());
        }

        using var made = asked.Create(new X500DistinguishedName("CN=Authority"), X509SignatureGenerator.CreateForECDsa(_authority), from, until, [1, 2, 3]);
        return made.ExportCertificatePem() + "\n";
    }

    public void Dispose()
    {
        _channel.Dispose();
        Turn();
        _loop.Dispose();
    }

    private void Turn()
    {
        for (var again = true; again;)
        {
            _turn();
            again = _loop.RunTurn(wait: false);
            while (_loop.RunTurn(wait: false))
            {
            }
        }

        _turn();
    }
}
