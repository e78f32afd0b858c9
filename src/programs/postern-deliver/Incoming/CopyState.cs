using Postern.Deliver.Content;
using Postern.Deliver.Maildir;
using Postern.Ipc.Delivery;
using Postern.Mail;

namespace Postern.Deliver.Incoming;

/// <summary>One recipient's copy of a message that is coming in.</summary>
internal sealed class CopyState
{
    private readonly HeaderScanner _scanner;

    private CopyState(uint number, MailboxPlace place, byte[] fields, Mailbox? mailbox)
    {
        Number = number;
        Place = place;
        Fields = fields;
        _scanner = new HeaderScanner(mailbox);
    }

    /// <summary>The sender's number for it.</summary>
    internal uint Number { get; }

    /// <summary>The mailbox.</summary>
    internal MailboxPlace Place { get; }

    /// <summary>The fields on top of this copy.</summary>
    internal byte[] Fields { get; }

    /// <summary>True once its result was told.</summary>
    internal bool Told { get; set; }

    /// <summary>True when the message was in this mailbox before (RFC 9228: the address stands in a Delivered-To field).</summary>
    internal bool IsLoop => _scanner.WasDeliveredBefore;

    /// <summary>Judges a recipient.</summary>
    /// <param name="frame">What <c>local</c> says.</param>
    /// <param name="sender">The sender's address, judged already.</param>
    /// <param name="copy">The copy.</param>
    /// <returns>False for what <c>local</c> can't have meant.</returns>
    internal static bool TryRead(scoped in MailboxRecipientFrame frame, ReadOnlySpan<byte> sender, out CopyState? copy)
    {
        copy = null;
        if (frame.Address.IsEmpty || !TopFields.IsHarmless(frame.Address) || !MailboxPlace.TryRead(frame.Kind, frame.Folder, out var place))
        {
            return false;
        }

        // The bare postmaster is no mailbox and can't loop: whoever passes mail on writes a domain.
        _ = Mailbox.TryParse(frame.Address, allowUtf8: true, out var mailbox);
        copy = new CopyState(frame.Recipient, place, TopFields.Write(sender, frame.Address), mailbox);
        return true;
    }

    /// <summary>Looks at the next bytes of the content.</summary>
    internal void Scan(ReadOnlySpan<byte> content)
    {
        if (!_scanner.Ended)
        {
            _scanner.Feed(content);
        }
    }

    /// <summary>The content is over.</summary>
    internal void EndScan() => _scanner.Finish();
}
