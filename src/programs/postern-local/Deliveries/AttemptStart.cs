using Postern.Ipc.Delivery;
using Postern.Mail;

namespace Postern.Local.Deliveries;

/// <summary>What the queue said of a message at the start of an attempt, kept for handing it on.</summary>
internal sealed class AttemptStart(scoped in DeliveryStartFrame frame)
{
    private readonly byte[] _sender = frame.Sender.ToArray();
    private readonly byte[] _envelopeId = frame.EnvelopeId.ToArray();
    private readonly ulong _message = frame.Message;
    private readonly ReturnContent _return = frame.Return;
    private readonly BodyType _body = frame.Body;
    private readonly Handling _handling = frame.Handling;
    private readonly ulong _size = frame.Size;

    /// <summary>The same for <c>deliver</c>, under a number of ours.</summary>
    internal DeliveryStartFrame For(uint delivery) => new()
    {
        Delivery = delivery,
        Message = _message,
        Hop = HopKind.Local,
        Destination = default,
        Port = 0,
        Sender = _sender,
        EnvelopeId = _envelopeId,
        Return = _return,
        Body = _body,
        Handling = _handling,
        Size = _size,
    };
}
