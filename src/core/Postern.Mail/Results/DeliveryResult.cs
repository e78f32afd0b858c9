using Postern.Text;

namespace Postern.Mail;

/// <summary>The result of one attempt to deliver to one recipient.</summary>
public sealed record DeliveryResult
{
    /// <summary>The longest text, in bytes. Arbitrary: a whole reply line.</summary>
    public const int MaxText = 512;

    /// <summary>The longest name of a host with its address.</summary>
    public const int MaxRemoteHost = DomainName.MaxLength + 3 + IpAddress.MaxText;

    private readonly byte[] _text;
    private readonly byte[] _remoteHost;

    /// <summary>Makes a result; foreign text is made plain here, so that nobody can forget it.</summary>
    /// <param name="outcome">What became of the attempt.</param>
    /// <param name="status">The peer's status, or ours.</param>
    /// <param name="faultOf">Whose fault it is.</param>
    /// <param name="text">The peer's reply, or our reason.</param>
    /// <param name="remoteHost">The host that spoke, "mx.example.org [192.0.2.1]"; empty when none did.</param>
    public DeliveryResult(
        DeliveryOutcome outcome, EnhancedStatus status, FaultOf faultOf, ReadOnlySpan<byte> text, ReadOnlySpan<byte> remoteHost = default)
    {
        Outcome = outcome;
        Status = status;
        FaultOf = faultOf;
        _text = PlainText.Of(text, MaxText);
        _remoteHost = PlainText.Of(remoteHost, MaxRemoteHost);
    }

    /// <summary>What became of the attempt.</summary>
    public DeliveryOutcome Outcome { get; }

    /// <summary>The peer's status, or ours.</summary>
    public EnhancedStatus Status { get; }

    /// <summary>Whose fault it is.</summary>
    public FaultOf FaultOf { get; }

    /// <summary>The reply of <see cref="RemoteHost"/>, or our reason when there is none: printable ASCII of at most <see cref="MaxText"/> bytes.</summary>
    public ReadOnlyMemory<byte> Text => _text;

    /// <summary>The host that spoke: printable ASCII; empty when none did.</summary>
    public ReadOnlyMemory<byte> RemoteHost => _remoteHost;

    /// <summary>True when this host has done its part: the recipient leaves the queue and is nobody's debt.</summary>
    public bool IsSuccess => Outcome is DeliveryOutcome.Delivered or DeliveryOutcome.Relayed or DeliveryOutcome.Expanded;

    /// <summary>In the recipient's mailbox.</summary>
    public static DeliveryResult Delivered(ReadOnlySpan<byte> text) => new(DeliveryOutcome.Delivered, EnhancedStatus.Ok, FaultOf.None, text);

    /// <summary>A failure that may pass.</summary>
    public static DeliveryResult Temporary(EnhancedStatus status, FaultOf faultOf, ReadOnlySpan<byte> text) =>
        new(DeliveryOutcome.Temporary, status.WithClass(4), faultOf, text);

    /// <summary>A failure for good.</summary>
    public static DeliveryResult Permanent(EnhancedStatus status, FaultOf faultOf, ReadOnlySpan<byte> text) =>
        new(DeliveryOutcome.Permanent, status.WithClass(5), faultOf, text);

    /// <summary>Equal when all is, byte for byte.</summary>
    public bool Equals(DeliveryResult? other) =>
        other is not null && Outcome == other.Outcome && Status == other.Status && FaultOf == other.FaultOf
        && _text.AsSpan().SequenceEqual(other._text) && _remoteHost.AsSpan().SequenceEqual(other._remoteHost);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Outcome, Status, FaultOf, KeyedHash.Of(_text), KeyedHash.Of(_remoteHost));
}
