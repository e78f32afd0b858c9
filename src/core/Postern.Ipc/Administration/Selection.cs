using Postern.Ipc.Delivery;
using Postern.Ipc.Wire;

namespace Postern.Ipc.Administration;

/// <summary>Which queued recipients are meant: those that all parts fit which are not empty.</summary>
/// <param name="Destination">Where they go next, as it is listed.</param>
/// <param name="Domain">The domain of the recipient's address, which a smarthost hides from the destination.</param>
/// <param name="Sender">The sender's address, <c>@domain</c> for all senders there, or <c>&lt;&gt;</c> for the null sender.</param>
public readonly record struct Selection(string Destination, string Domain, string Sender)
{
    /// <summary>Everything.</summary>
    public static Selection All => new(string.Empty, string.Empty, string.Empty);

    internal void Write(scoped in FrameWriter writer)
    {
        writer.Text(Destination);
        writer.Text(Domain);
        writer.Text(Sender);
    }

    internal static Selection Read(scoped ref FrameReader reader) => new(
        reader.Text(DeliveryLimits.MaxDestination),
        reader.Text(AddressLimits.MaxAddress),
        reader.Text(AddressLimits.MaxAddress));
}
