using System.Diagnostics.CodeAnalysis;
using Postern.Acme.Keys;
using Postern.Acme.Web;
using Postern.Ipc.Issuance;

namespace Postern.Acme.Protocol;

/// <summary>Speaks with one authority as one account: signed requests, each with a nonce (RFC 8555 §6).</summary>
/// <param name="web">The way there.</param>
/// <param name="signer">Signs.</param>
internal sealed class AcmeClient(IWeb web, ISigner signer)
{
    /// <summary>Requests that are sent again because their nonce was not liked (§6.5): a server that likes none is not asked for ever.</summary>
    private const int MaxNonces = 20;

    /// <summary>The longest nonce. Arbitrary: those in use have some fifty characters.</summary>
    private const int MaxNonce = 256;

    private AcmeDirectory? _directory;
    private WebPlace? _account;
    private string? _nonce;

    /// <summary>Why the last request came to nothing.</summary>
    internal string Problem { get; private set; } = string.Empty;

    /// <summary>How long the authority wants to be left alone after it; null when it did not say.</summary>
    internal TimeSpan? RetryAfter { get; private set; }

    /// <summary>Where certificates are ordered; only after <see cref="BeginAsync"/>.</summary>
    internal WebPlace NewOrder => _directory!.NewOrder;

    /// <summary>Learns what the authority has, and has it make an account, or find ours.</summary>
    /// <returns>False when it came to nothing.</returns>
    internal async ValueTask<bool> BeginAsync(WebPlace directory)
    {
        var (reply, problem) = await web.SendAsync(directory, null);
        RetryAfter = reply?.RetryAfter;
        _directory = reply?.Code == 200 ? AcmeDirectory.Read(reply.Body) : null;
        if (_directory is null)
        {
            return Fails(problem ?? $"{directory.Text} is no directory of an authority");
        }

        if (await AskAsync(SignedPurpose.Account, _directory.NewAccount) is not { } made)
        {
            return false;
        }

        return WebPlace.TryParse(made.Location, out _account) || Fails("the authority made an account and does not say where");
    }

    /// <summary>Asks for something.</summary>
    /// <returns>An answer of success; null when there is none.</returns>
    internal async ValueTask<WebReply?> AskAsync(SignedPurpose purpose, WebPlace place)
    {
        for (var tries = 0; tries < MaxNonces; tries++)
        {
            if (await NonceAsync() is not { } nonce)
            {
                return null;
            }

            if (await signer.SignAsync(purpose, nonce, place, _account) is not { } body)
            {
                Fails("postern-tls signs nothing");
                return null;
            }

            var (reply, problem) = await web.SendAsync(place, body);
            RetryAfter = reply?.RetryAfter;
            if (reply is null)
            {
                Fails(problem!);
                return null;
            }

            Keep(reply.Nonce);
            if (reply.Code is >= 200 and < 300)
            {
                return reply;
            }

            if (!Refused(reply))
            {
                return null;
            }
        }

        Fails("the authority likes none of its own nonces");
        return null;
    }

    /// <summary>Notes why something came to nothing; false, for the caller to return.</summary>
    internal bool Fails(string problem)
    {
        Problem = problem;
        return false;
    }

    /// <summary>Judges a refusal: true when the same is to be asked again.</summary>
    private bool Refused(WebReply reply)
    {
        if (AcmeProblem.Read(reply.Body) is not { } problem)
        {
            return Fails($"the authority answered with {reply.Code}");
        }

        return problem.Type == "badNonce" || Fails($"the authority refuses: {problem.Detail} ({problem.Type})");
    }

    private async ValueTask<string?> NonceAsync()
    {
        if (_nonce is null)
        {
            var (reply, problem) = await web.SendAsync(_directory!.NewNonce, null);
            Keep(reply?.Nonce);
            if (_nonce is null)
            {
                Fails(problem ?? "the authority gives no nonce");
                return null;
            }
        }

        var nonce = _nonce;
        _nonce = null;
        return nonce;
    }

    // Letters of base64url alone (§6.5.1): tls signs no others.
    private void Keep([AllowNull] string nonce) => _nonce =
        nonce?.Length is > 0 and <= MaxNonce && nonce.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? nonce : null;
}
