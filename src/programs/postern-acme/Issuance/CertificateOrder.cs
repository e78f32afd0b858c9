using Postern.Acme.Answers;
using Postern.Acme.Keys;
using Postern.Acme.Protocol;
using Postern.Acme.Web;
using Postern.Ipc.Issuance;

namespace Postern.Acme.Issuance;

/// <summary>Gets one certificate: orders it, shows that the names are ours, has it made, and hands it in (RFC 8555 §7.1).</summary>
/// <param name="client">Speaks with the authority.</param>
/// <param name="signer">Takes the certificate.</param>
/// <param name="answers">Where the authority looks.</param>
/// <param name="pause">Waits between two looks.</param>
internal sealed class CertificateOrder(AcmeClient client, ISigner signer, ChallengeAnswers answers, IPause pause)
{
    /// <summary>How often one thing is looked at before it is given up.</summary>
    private const int MaxLooks = 60;

    private static readonly TimeSpan _betweenLooks = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _longestBetween = TimeSpan.FromMinutes(1);

    /// <summary>Does all of it; false when it came to nothing, and <see cref="AcmeClient.Problem"/> says why.</summary>
    internal async ValueTask<bool> RunAsync(WebPlace directory, string thumbprint)
    {
        if (!await client.BeginAsync(directory) || await client.AskAsync(SignedPurpose.Order, client.NewOrder) is not { } made)
        {
            return false;
        }

        if (AcmeOrder.Read(made.Body) is not { } order || !WebPlace.TryParse(made.Location, out var place))
        {
            return client.Fails("what the authority says of the order can't be read");
        }

        foreach (var authorization in order.Authorizations)
        {
            if (!await ShowAsync(authorization, thumbprint))
            {
                return false;
            }
        }

        return await OrderIsAsync(place, "ready") is { } ready
            && (ready.Status == "valid" || await client.AskAsync(SignedPurpose.Finish, ready.Finish) is not null)
            && await OrderIsAsync(place, "valid") is { } valid
            && await TakeAsync(valid);
    }

    /// <summary>Shows that one name is ours.</summary>
    private async ValueTask<bool> ShowAsync(WebPlace place, string thumbprint)
    {
        if (await AuthorizationAsync(place) is not ({ } asked, _))
        {
            return false;
        }

        if (asked.Status == "valid")
        {
            return true;
        }

        if (asked.Status != "pending" || asked.Challenge is null)
        {
            return client.Fails($"the authority does not look by HTTP whether {asked.Name} is ours ({asked.Status})");
        }

        answers.Add(asked.Token!, thumbprint);
        try
        {
            return await client.AskAsync(SignedPurpose.Challenge, asked.Challenge) is not null && await IsShownAsync(place);
        }
        finally
        {
            answers.Remove(asked.Token!);
        }
    }

    private async ValueTask<bool> IsShownAsync(WebPlace place)
    {
        for (var looks = 0; looks < MaxLooks; looks++)
        {
            if (await AuthorizationAsync(place) is not ({ } seen, var wait))
            {
                return false;
            }

            if (seen.Status != "pending")
            {
                return seen.Status == "valid" || client.Fails($"the authority does not believe that {seen.Name} is ours: {seen.Fault ?? seen.Status}");
            }

            await WaitAsync(wait);
        }

        return client.Fails("the authority does not look whether the names are ours");
    }

    private async ValueTask<(AcmeAuthorization? Authorization, TimeSpan? RetryAfter)> AuthorizationAsync(WebPlace place)
    {
        if (await client.AskAsync(SignedPurpose.Read, place) is not { } reply)
        {
            return (null, null);
        }

        var read = AcmeAuthorization.Read(reply.Body);
        if (read is null)
        {
            client.Fails("what the authority wants to see can't be read");
        }

        return (read, reply.RetryAfter);
    }

    /// <summary>Waits until the order has come so far; null when it does not.</summary>
    private async ValueTask<AcmeOrder?> OrderIsAsync(WebPlace place, string wanted)
    {
        for (var looks = 0; looks < MaxLooks; looks++)
        {
            if (await client.AskAsync(SignedPurpose.Read, place) is not { } reply)
            {
                return null;
            }

            if (AcmeOrder.Read(reply.Body) is not { } order || order.Status == "invalid")
            {
                client.Fails(AcmeOrder.Read(reply.Body) is { Fault: { } fault } ? $"the authority makes no certificate: {fault}" : "the authority makes no certificate");
                return null;
            }

            if (order.Status == wanted || order.Status == "valid")
            {
                return order;
            }

            await WaitAsync(reply.RetryAfter);
        }

        client.Fails($"the order does not become {wanted}");
        return null;
    }

    private async ValueTask<bool> TakeAsync(AcmeOrder order)
    {
        if (order.Certificate is null)
        {
            return client.Fails("the authority made a certificate and does not say where it is");
        }

        if (await client.AskAsync(SignedPurpose.Read, order.Certificate) is not { } reply)
        {
            return false;
        }

        if (reply.Body.Length is 0 or > ChainFrame.MaxChain)
        {
            return client.Fails("the certificate is too long, or empty");
        }

        return await signer.HandInAsync(reply.Body) switch
        {
            null => client.Fails("postern-tls ended meanwhile"),
            { DueIn: var due } when due == TimeSpan.Zero => client.Fails("postern-tls does not take the certificate, and says why in its log"),
            _ => true,
        };
    }

    private ValueTask WaitAsync(TimeSpan? asked) =>
        pause.WaitAsync(asked is not { } time || time < _betweenLooks ? _betweenLooks : time > _longestBetween ? _longestBetween : time);
}
