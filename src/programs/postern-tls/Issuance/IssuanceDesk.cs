using Postern.Ipc;
using Postern.Ipc.Issuance;
using Postern.Ipc.Wire;
using Postern.Role.Logging;

namespace Postern.Keyholder.Issuance;

/// <summary>What acme asks, and what it is told.</summary>
/// <param name="issuer">Signs and judges.</param>
/// <param name="renewed">Called when there is a new certificate.</param>
/// <param name="log">The log.</param>
internal sealed class IssuanceDesk(Issuer issuer, Action renewed, EventLog log) : IChannelEvents
{
    /// <summary>Bytes of answers that may wait: none, since it asks for one thing at a time.</summary>
    /// <remarks>Each question costs files that are read, or a signature; so clients wait for one of them in a turn, however many there are.</remarks>
    internal const int MaxUnsent = 0;

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == SignatureAskFrame.Type)
        {
            return SignatureAskFrame.TryRead(ref reader, out var asked) && Sign(channel, asked);
        }

        if (type == ChainFrame.Type)
        {
            return ChainFrame.TryRead(ref reader, out var chain) && Take(channel, chain.Chain);
        }

        return type == IssuanceQuestionFrame.Type && IssuanceQuestionFrame.TryRead(ref reader, out _) && Tell(channel);
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (hostile)
        {
            log.Warning("peer-refused").Word("peer", "acme").Write();
        }
    }

    private bool Sign(Channel channel, in SignatureAskFrame asked)
    {
        if (issuer.Sign(asked) is not { } body)
        {
            return false;
        }

        channel.Send(new SignatureFrame { Body = body });
        return true;
    }

    private bool Take(Channel channel, ReadOnlySpan<byte> chain)
    {
        if (issuer.Take(chain, channel.Loop.Time.GetUtcNow()) is { } problem)
        {
            log.Warning("certificate-refused").Quoted("reason", problem).Write();
        }
        else
        {
            renewed();
        }

        return Tell(channel);
    }

    private bool Tell(Channel channel)
    {
        var due = issuer.DueIn(channel.Loop.Time.GetUtcNow());
        channel.Send(new IssuanceStateFrame { DueSeconds = (uint)Math.Min(due.TotalSeconds, uint.MaxValue), Thumbprint = issuer.Thumbprint });
        return true;
    }
}
