using System.Text;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Text;

namespace Postern.Smtpd.Tests.Harness;

/// <summary>A message as the queue of a test has it.</summary>
internal sealed class StoredMessage(ulong id)
{
    private readonly List<byte> _bytes = [];

    public ulong Id { get; } = id;

    public string Sender { get; private set; } = "(none)";

    public string EnvelopeId { get; private set; } = "";

    public ReturnContent Return { get; private set; }

    public BodyType Body { get; private set; }

    public Handling Handling { get; private set; }

    public bool IsUtf8 => Handling.HasFlag(Handling.SmtpUtf8);

    /// <summary>When it may be tried first, in Unix seconds; 0 is at once.</summary>
    public uint Release { get; private set; }

    public MailProtocol Protocol { get; private set; }

    public IpAddress Client { get; private set; }

    public List<string> Recipients { get; } = [];

    public List<string> Originals { get; } = [];

    public List<NotifyOn> Notifies { get; } = [];

    /// <summary>The sizes of the frames that the content came in.</summary>
    public List<int> Pieces { get; } = [];

    /// <summary>All bytes, the trace line first.</summary>
    public string All => Encoding.Latin1.GetString(_bytes.ToArray());

    /// <summary>The trace line, which ends with its date.</summary>
    public string Trace => All[..TraceLength];

    /// <summary>What the client sent.</summary>
    public string Content => All[TraceLength..];

    // Not the first line that is not folded: the content may begin with white space.
    private int TraceLength => All.IndexOf(" +0000\r\n", StringComparison.Ordinal) + 8;

    public void Take(in SenderFrame frame)
    {
        Sender = Encoding.UTF8.GetString(frame.Address);
        EnvelopeId = Encoding.ASCII.GetString(frame.EnvelopeId);
        Return = frame.Return;
        Body = frame.Body;
        Handling = frame.Handling;
        Release = frame.Release;
        Protocol = frame.Protocol;
        Client = IpAddress.FromBytes(frame.Client);
    }

    public void Take(in RecipientFrame frame)
    {
        Recipients.Add(Encoding.UTF8.GetString(frame.Address));
        Originals.Add(Encoding.UTF8.GetString(frame.Original));
        Notifies.Add((NotifyOn)frame.Notify);
    }

    public void Take(in ContentFrame frame)
    {
        if (frame.Bytes.Length > FrameLimits.MaxContent) throw new InvalidOperationException("A piece is too large.");
        Pieces.Add(frame.Bytes.Length);
        _bytes.AddRange(frame.Bytes);
    }
}
