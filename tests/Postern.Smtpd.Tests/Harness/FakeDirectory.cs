using System.Text;
using Postern.Ipc;
using Postern.Ipc.Directory;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Smtpd.Tests.Harness;

/// <summary>The directory's end of its channel: it knows the users of one domain.</summary>
internal sealed class FakeDirectory(EventLoop loop, string domain, string hostName) : IChannelEvents, IDisposable
{
    /// <summary>The local part about which nothing can be told.</summary>
    public const string Unsure = "unsure";

    private Channel? _channel;

    /// <summary>The local parts that exist.</summary>
    public HashSet<string> Users { get; } = new(StringComparer.OrdinalIgnoreCase) { "u", "v", "user", "postmaster" };

    /// <summary>What was asked, in its order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>False keeps answers back.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>What is answered whatever was asked.</summary>
    public AddressVerdict? Verdict { get; set; }

    /// <summary>Says whether a sender is who has logged in: everybody's, unless a test says otherwise.</summary>
    public Func<string, string, bool> Own { get; set; } = (_, _) => true;

    /// <summary>True dies of the next question.</summary>
    public bool DiesWhenAsked { get; set; }

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

    public void Answer(uint question, AddressVerdict verdict) =>
        _channel!.Send(new AddressAnswerFrame { Question = question, Verdict = verdict });

    public void Dispose() => Die();

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == SenderQuestionFrame.Type && SenderQuestionFrame.TryRead(ref reader, out var sender))
        {
            Answer(sender.Question, Own(Encoding.UTF8.GetString(sender.Login), Encoding.UTF8.GetString(sender.Address)) ? AddressVerdict.Local : AddressVerdict.Foreign);
            return true;
        }

        if (type != AddressQuestionFrame.Type || !AddressQuestionFrame.TryRead(ref reader, out var question))
            throw new InvalidOperationException($"smtpd sent a bad frame of type {type}.");
        var address = Encoding.UTF8.GetString(question.Address);
        Asked.Add(address);
        if (DiesWhenAsked) Die();
        else if (Answers) Answer(question.Question, Verdict ?? Judge(address));
        return true;
    }

    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (hostile) throw new InvalidOperationException("smtpd sent half a frame.");
    }

    private AddressVerdict Judge(string address)
    {
        var at = address.LastIndexOf('@');
        var own = address[(at + 1)..];
        if (own != domain && own != hostName) return AddressVerdict.Foreign;
        if (address[..at] == Unsure) return AddressVerdict.Unavailable;
        return Users.Contains(address[..at]) ? AddressVerdict.Local : AddressVerdict.Unknown;
    }
}
