using System.Security.Cryptography;
using Postern.Text;

namespace Postern.Sasl;

/// <summary>SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677), by a client: it says nothing that helps whoever does not know the password, and the server has to show that it does.</summary>
public sealed class ScramClientExchange : ClientExchange
{
    /// <summary>More are refused: all other mail waits meanwhile. As many as are recommended today take a third of a second.</summary>
    internal const int MaxIterations = 600_000;

    /// <summary>The longest salt and the longest nonce of both together; arbitrary, a few times what any server sends.</summary>
    private const int MaxPart = 512;

    private readonly ClientCredentials _credentials;
    private readonly byte[] _head;
    private readonly byte[] _bound;
    private readonly byte[] _bare;
    private readonly byte[] _nonce;
    private readonly bool _isPlus;

    private State _state;
    private byte[] _expected = [];

    /// <summary>Begins.</summary>
    /// <param name="credentials">By what to log in.</param>
    /// <param name="binding">The connection's; <c>default</c> when it has none.</param>
    /// <param name="isPlus">True for SCRAM-SHA-256-PLUS, which needs a binding.</param>
    /// <param name="nonce">Printable ASCII without commas, of 18 random bytes or more, and never used before.</param>
    public ScramClientExchange(ClientCredentials credentials, ChannelBinding binding, bool isPlus, ReadOnlySpan<byte> nonce)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        (_credentials, _isPlus, _nonce) = (credentials, isPlus, nonce.ToArray());
        // TLS 1.3 has the one (RFC 9266 §3), and all have the other. Without either the server learns whether we would have had one:
        // then nobody can have taken the mechanism from its list (RFC 5802 §6).
        var name = binding.TlsExporter.IsEmpty ? "tls-server-end-point"u8 : "tls-exporter"u8;
        _head = isPlus ? [.. "p="u8, .. name, .. ",,"u8] : binding.Exists ? [.. "y,,"u8] : [.. "n,,"u8];
        _bound = isPlus ? [.. _head, .. binding.Of(name)] : _head;
        _bare = [.. "n="u8, .. ScramText.Escape(credentials.Name), .. ",r="u8, .. nonce];
    }

    /// <summary>Has the library loaded that hashes, which it is at its first use.</summary>
    public static void Warm() => ScramKeys.Derive("warm"u8, "salt"u8, 1).Dispose();

    private enum State
    {
        First,
        Final,
        Satisfied,
        Over,
    }

    /// <inheritdoc/>
    public override SaslMechanism Mechanism => _isPlus ? SaslMechanism.ScramSha256Plus : SaslMechanism.ScramSha256;

    /// <inheritdoc/>
    public override byte[]? Initial => [.. _head, .. _bare];

    /// <inheritdoc/>
    public override bool IsSatisfied => _state == State.Satisfied;

    /// <inheritdoc/>
    public override byte[]? Answer(ReadOnlySpan<byte> challenge)
    {
        var answer = _state switch
        {
            State.First => Prove(challenge),
            State.Final => IsOfTheServer(challenge) ? [] : null,
            _ => null,
        };
        _state = answer is null ? State.Over : _state + 1;
        return answer;
    }

    /// <summary>server-first-message, answered by the proof.</summary>
    private byte[]? Prove(ReadOnlySpan<byte> challenge)
    {
        var rest = challenge;
        if (!ScramText.TryTake(ref rest, (byte)'r', out var nonce) || !ScramText.TryTake(ref rest, (byte)'s', out var saltText) || !ScramText.TryTake(ref rest, (byte)'i', out var rounds)) return null;
        // Fewer rounds than RFC 7677 §4 asks for would hand the password to whoever is asked to prove it by so few.
        if (!DecimalText.TryRead(rounds, MaxIterations, out uint iterations) || iterations < ScramSalt.MinIterations) return null;
        if (nonce.Length > MaxPart || nonce.Length <= _nonce.Length || !nonce.StartsWith(_nonce) || !ScramText.IsNonce(nonce)) return null;
        Span<byte> salt = stackalloc byte[MaxPart];
        if (saltText.Length > MaxPart || !Base64Text.TryDecode(saltText, salt, out int saltLength)) return null;
        byte[] final = [.. "c="u8, .. Base64Text.Encode(_bound), .. ",r="u8, .. nonce];
        byte[] authMessage = [.. _bare, (byte)',', .. challenge, (byte)',', .. final];
        using var keys = ScramKeys.Derive(_credentials.Password, salt[..saltLength], (int)iterations);
        _expected = keys.Verifier.Sign(authMessage);
        return [.. final, .. ",p="u8, .. Base64Text.Encode(keys.Prove(authMessage))];
    }

    /// <summary>server-final-message: true when the server knows the password, or what is kept of it.</summary>
    private bool IsOfTheServer(ReadOnlySpan<byte> challenge)
    {
        Span<byte> signature = stackalloc byte[ScramVerifier.KeyLength + 1];
        var rest = challenge;
        return ScramText.TryTake(ref rest, (byte)'v', out var text) && text.Length == Base64Text.LengthFor(ScramVerifier.KeyLength)
            && Base64Text.TryDecode(text, signature, out int length) && CryptographicOperations.FixedTimeEquals(signature[..length], _expected);
    }
}
