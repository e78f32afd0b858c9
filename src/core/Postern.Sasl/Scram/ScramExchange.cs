using System.Text;
using Postern.Text;

namespace Postern.Sasl;

/// <summary>SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677): four messages, in which both sides show that they know the password.</summary>
/// <remarks>
/// The last message of the server, its own proof, is a challenge that the client answers with nothing: SMTP has no place for
/// it in the reply that ends the exchange (RFC 4954 §4).
/// </remarks>
public sealed class ScramExchange : SaslExchange
{
    /// <summary>The longest name and the longest nonce of a client; arbitrary, a few times what any client sends.</summary>
    private const int MaxPart = 512;

    private readonly IAccounts _accounts;
    private readonly ChannelBinding _binding;
    private readonly bool _isPlus;
    private readonly byte[] _ownNonce;

    private State _state;
    private byte[] _head = [];
    private byte[] _expectedBinding = [];
    private byte[] _messages = [];
    private byte[] _nonce = [];
    private Account? _account;
    private bool _isKnown;
    private Login? _login;

    /// <summary>Begins.</summary>
    /// <param name="accounts">Who may log in.</param>
    /// <param name="binding">The connection's; <c>default</c> when it has none.</param>
    /// <param name="isPlus">True for SCRAM-SHA-256-PLUS.</param>
    /// <param name="ownNonce">Printable ASCII without commas, of 18 random bytes or more, and never used before.</param>
    public ScramExchange(IAccounts accounts, ChannelBinding binding, bool isPlus, ReadOnlySpan<byte> ownNonce)
    {
        (_accounts, _binding, _isPlus) = (accounts, binding, isPlus);
        _ownNonce = ownNonce.ToArray();
    }

    private enum State
    {
        First,
        Final,
        Farewell,
        Over,
    }

    /// <inheritdoc/>
    public override Login? Proven => _state == State.Farewell ? _login : null;

    /// <inheritdoc/>
    public override SaslStep Next(ReadOnlySpan<byte> message)
    {
        var step = _state switch
        {
            State.First => First(message),
            State.Final => Final(message),
            State.Farewell when message.IsEmpty => SaslStep.Succeed(_login!),
            _ => SaslStep.Fail(SaslFailure.Malformed),
        };
        _state = step.GoesOn ? _state + 1 : State.Over;
        return step;
    }

    /// <summary>client-first-message, answered by salt, iterations and both nonces.</summary>
    private SaslStep First(ReadOnlySpan<byte> message)
    {
        if (!ScramHeader.TryRead(message, out var header, out int length)) return SaslStep.Fail(SaslFailure.Malformed);
        var bare = message[length..];
        var rest = bare;
        // "m=" stands for extensions that nobody has, and that must not be passed over (§5.1); other letters may follow.
        if (!ScramText.TryTake(ref rest, (byte)'n', out var name) || !ScramText.TryTake(ref rest, (byte)'r', out var nonce)) return SaslStep.Fail(SaslFailure.Malformed);
        if (name.Length > MaxPart || nonce.Length > MaxPart || header.Identity.Length > MaxPart || !ScramText.IsNonce(nonce)) return SaslStep.Fail(SaslFailure.Malformed);
        if (JudgeBinding(header) is not SaslFailure.None and var fault) return SaslStep.Fail(fault);
        Span<byte> plainName = stackalloc byte[MaxPart];
        Span<byte> identity = stackalloc byte[MaxPart];
        if (!ScramText.TryUnescape(name, plainName, out int nameLength) || !ScramText.TryUnescape(header.Identity, identity, out int identityLength))
            return SaslStep.Fail(SaslFailure.Malformed);
        _isKnown = _accounts.TryFind(plainName[..nameLength], out var account);
        if (!PasswordCheck.IsOwn(identity[..identityLength], plainName[..nameLength])) return SaslStep.Fail(SaslFailure.NotAuthorized);
        _account = account;
        _head = message[..length].ToArray();
        _expectedBinding = [.. _head, .. _binding.Of(header.BindingName)];
        _nonce = [.. nonce, .. _ownNonce];
        byte[] challenge = [.. "r="u8, .. _nonce, .. ",s="u8, .. Base64Text.Encode(account.Salt.Salt.Span), .. ",i="u8, .. Encoding.ASCII.GetBytes(account.Salt.Iterations.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        _messages = [.. bare, (byte)',', .. challenge, (byte)','];
        return SaslStep.Ask(challenge);
    }

    /// <summary>Whether what the client says of bindings fits the mechanism and the connection (§6).</summary>
    private SaslFailure JudgeBinding(in ScramHeader header)
    {
        if (_isPlus != (header.Binding == 'p')) return SaslFailure.Malformed;
        if (_isPlus) return _binding.Of(header.BindingName).IsEmpty ? SaslFailure.WrongBinding : SaslFailure.None;
        // The client knows bindings and was told that we do not. Somebody took the mechanism from our list.
        return header.Binding == 'y' && _binding.Exists ? SaslFailure.WrongBinding : SaslFailure.None;
    }

    /// <summary>client-final-message, answered by our own proof.</summary>
    private SaslStep Final(ReadOnlySpan<byte> message)
    {
        // The proof is the last attribute, and what stands before it is what it proves.
        int at = message.LastIndexOf(",p="u8);
        if (at < 0) return SaslStep.Fail(SaslFailure.Malformed);
        var signed = message[..at];
        var rest = signed;
        if (!ScramText.TryTake(ref rest, (byte)'c', out var binding) || !ScramText.TryTake(ref rest, (byte)'r', out var nonce)) return SaslStep.Fail(SaslFailure.Malformed);
        Span<byte> proof = stackalloc byte[ScramVerifier.KeyLength + 1];
        var proofText = message[(at + 3)..];
        if (proofText.Length != Base64Text.LengthFor(ScramVerifier.KeyLength) || !Base64Text.TryDecode(proofText, proof, out int proofLength) || proofLength != ScramVerifier.KeyLength)
            return SaslStep.Fail(SaslFailure.Malformed);
        if (!nonce.SequenceEqual(_nonce)) return SaslStep.Fail(SaslFailure.Malformed);
        if (!binding.SequenceEqual(Base64Text.Encode(_expectedBinding))) return SaslStep.Fail(SaslFailure.WrongBinding);
        byte[] authMessage = [.. _messages, .. signed];
        AccountPassword? found = null;
        foreach (var one in _account!.Passwords)
        {
            if (one.Verifier.Proves(authMessage, proof[..proofLength])) found = one;
        }
        if (found is null || !_isKnown) return SaslStep.Fail(SaslFailure.Refused);
        _login = new Login(_account.Name, found.Label);
        return SaslStep.Ask((byte[])[.. "v="u8, .. Base64Text.Encode(found.Verifier.Sign(authMessage))]);
    }
}
