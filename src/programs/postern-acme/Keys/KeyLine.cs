using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Acme.Web;
using Postern.Ipc;
using Postern.Ipc.Issuance;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Role;
using Postern.Role.Logging;

namespace Postern.Acme.Keys;

/// <summary>The line to tls: one question at a time.</summary>
/// <param name="loop">The loop.</param>
/// <param name="log">The log.</param>
[SuppressMessage("Design", "CA1001", Justification = "Its channel lives until the other side ends it, or the process ends.")]
internal sealed class KeyLine(EventLoop loop, EventLog log) : IChannelEvents, ISigner
{
    private readonly Signal _answered = new();
    private Channel? _channel;
    private ushort _awaited;
    private KeyState? _state;
    private byte[] _body = [];

    /// <summary>Takes the channel; an older one is over.</summary>
    internal void Open(Descriptor descriptor, StandingLinks links)
    {
        _channel?.Dispose();
        _answered.Cancel();
        _channel = new Channel(loop, descriptor, links.Watch(ProgramName.Tls, this));
    }

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type != _awaited || _awaited == 0)
        {
            return false;
        }

        if (type == IssuanceStateFrame.Type)
        {
            if (!IssuanceStateFrame.TryRead(ref reader, out var state))
            {
                return false;
            }

            _state = new KeyState(TimeSpan.FromSeconds(state.DueSeconds), Encoding.ASCII.GetString(state.Thumbprint));
        }
        else if (SignatureFrame.TryRead(ref reader, out var signature))
        {
            _body = signature.Body.ToArray();
        }
        else
        {
            return false;
        }

        _awaited = 0;
        _answered.Set();
        return true;
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (hostile)
        {
            log.Warning("peer-refused").Word("peer", "tls").Write();
        }

        if (channel == _channel)
        {
            _channel = null;
            _answered.Cancel();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<KeyState?> AskAsync()
    {
        _channel?.Send(default(IssuanceQuestionFrame));
        return await AnsweredAsync(IssuanceStateFrame.Type) ? _state : null;
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> SignAsync(SignedPurpose purpose, string nonce, WebPlace place, WebPlace? account)
    {
        _channel?.Send(new SignatureAskFrame
        {
            Purpose = purpose,
            Nonce = Encoding.ASCII.GetBytes(nonce),
            Url = Encoding.ASCII.GetBytes(place.Text),
            Account = Encoding.ASCII.GetBytes(account?.Text ?? string.Empty),
        });
        return await AnsweredAsync(SignatureFrame.Type) && _body.Length > 0 ? _body : null;
    }

    /// <inheritdoc/>
    public async ValueTask<KeyState?> HandInAsync(byte[] chain)
    {
        _channel?.Send(new ChainFrame { Chain = chain });
        return await AnsweredAsync(IssuanceStateFrame.Type) ? _state : null;
    }

    private async ValueTask<bool> AnsweredAsync(ushort type)
    {
        if (_channel is null)
        {
            return false;
        }

        _answered.Clear();
        _awaited = type;
        var isAnswered = await _answered.WaitAsync();
        _awaited = 0;
        return isAnswered;
    }
}
