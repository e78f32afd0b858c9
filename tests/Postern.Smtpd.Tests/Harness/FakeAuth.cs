using System.Text;
using Postern.Ipc;
using Postern.Ipc.Logins;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Smtpd.Tests.Harness;

/// <summary>The other end of the line on which clients log in: it says what a test tells it to.</summary>
internal sealed class FakeAuth(EventLoop loop) : IChannelEvents, IDisposable
{
    private Channel? _channel;
    private bool _isThere;

    /// <summary>Which mechanisms there are.</summary>
    public HashSet<string> Mechanisms { get; } = ["PLAIN", "LOGIN", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "EXTERNAL", "OAUTHBEARER"];

    /// <summary>What came, an entry a frame: "start MECHANISM service message?", "say TEXT", "end".</summary>
    public List<string> Heard { get; } = [];

    /// <summary>The number of the last exchange that began.</summary>
    public uint Exchange { get; private set; }

    /// <summary>The answers still to be given, in their order: "?TEXT" is a challenge, "!NAME" a login, else the name of a verdict.</summary>
    public Queue<string> Answers { get; } = new();

    /// <summary>When there is nothing of that: what is answered to a message of a client, or to none.</summary>
    public Func<string?, string>? Judge { get; set; }

    public Descriptor Start()
    {
        Socket.OpenPair(packets: false, out var ours, out var theirs);
        _channel = new Channel(loop, ours!, this);
        return theirs!;
    }

    public void Die()
    {
        _channel?.Dispose();
        _channel = null;
    }

    public void Dispose() => Die();

    /// <summary>Answers an exchange.</summary>
    public void Answer(uint exchange, string answer)
    {
        if (answer.StartsWith('?')) _channel!.Send(new LoginChallengeFrame { Exchange = exchange, Challenge = Encoding.Latin1.GetBytes(answer[1..]) });
        else if (answer.StartsWith('!')) _channel!.Send(new LoginResultFrame { Exchange = exchange, Verdict = LoginVerdict.LoggedIn, Name = Encoding.UTF8.GetBytes(answer[1..]) });
        else _channel!.Send(new LoginResultFrame { Exchange = exchange, Verdict = Enum.Parse<LoginVerdict>(answer) });
    }

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == LoginStartFrame.Type && LoginStartFrame.TryRead(ref reader, out var start))
        {
            Exchange = start.Exchange;
            var mechanism = Encoding.Latin1.GetString(start.Mechanism);
            Heard.Add($"start {mechanism} {start.Service}{(start.Voucher.IsEmpty ? "" : " " + Encoding.Latin1.GetString(start.Voucher))}");
            _isThere = Mechanisms.Contains(mechanism);
            if (!_isThere) Answer(start.Exchange, "Unsupported");
            else if (!start.HasMessage) Next(start.Exchange, null);
            return true;
        }

        if (type == LoginMessageFrame.Type && LoginMessageFrame.TryRead(ref reader, out var message))
        {
            var said = Encoding.Latin1.GetString(message.Message);
            Heard.Add($"say {said}");
            if (_isThere) Next(message.Exchange, said);
            return true;
        }

        if (type != LoginEndFrame.Type || !LoginEndFrame.TryRead(ref reader, out _)) throw new InvalidOperationException($"smtpd sent a bad frame of type {type}.");
        Heard.Add("end");
        return true;
    }

    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (hostile) throw new InvalidOperationException("smtpd sent half a frame.");
    }

    private void Next(uint exchange, string? said)
    {
        if (Answers.TryDequeue(out var answer)) Answer(exchange, answer);
        else if (Judge is not null) Answer(exchange, Judge(said));
    }
}
