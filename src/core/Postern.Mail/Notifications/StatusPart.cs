using Postern.Text;

namespace Postern.Mail;

/// <summary>The part of a notification that programs read: message/delivery-status (RFC 3464 §2).</summary>
internal static class StatusPart
{
    /// <summary>Writes the fields of the message and of each recipient.</summary>
    public static void Write(Notification notification, ReportWriter writer)
    {
        WriteEnvelopeId(notification.EnvelopeId.Span, writer);
        writer.Line("Reporting-MTA: dns; "u8, notification.ReportingHost.Text);
        writer.Line("Arrival-Date: "u8, notification.Arrived);
        foreach (var recipient in notification.Recipients)
        {
            writer.EndLine();
            WriteRecipient(recipient, notification.IsInternational, writer);
        }
    }

    /// <summary>RFC 3464 §2.2.1. What is not printable after decoding was never to be accepted; here it is left out, as it would
    /// be written into the report (attack B15).</summary>
    private static void WriteEnvelopeId(ReadOnlySpan<byte> encoded, ReportWriter writer)
    {
        if (encoded.IsEmpty || encoded.Length > Envelope.MaxEnvelopeId) return;
        Span<byte> decoded = stackalloc byte[Envelope.MaxEnvelopeId];
        if (XText.TryDecodePrintable(encoded, decoded, out int length)) writer.Line("Original-Envelope-Id: "u8, decoded[..length]);
    }

    private static void WriteRecipient(NotifiedRecipient recipient, bool international, ReportWriter writer)
    {
        WriteOriginalRecipient(recipient.OriginalRecipient.Span, international, writer);
        // RFC 6533 §3: the type says that the address is UTF-8.
        writer.Line(recipient.Mailbox.IsAscii ? "Final-Recipient: rfc822; "u8 : "Final-Recipient: utf-8; "u8, recipient.Mailbox.Text);
        writer.Line("Action: "u8, NameOf(recipient.Action));
        writer.Add("Status: "u8);
        writer.Add(recipient.Status);
        writer.EndLine();
        WriteRemoteHost(recipient.RemoteHost.Span, writer);
        if (!recipient.Text.IsEmpty)
            writer.Line(recipient.RemoteHost.IsEmpty ? "Diagnostic-Code: x-postern; "u8 : "Diagnostic-Code: smtp; "u8, recipient.Text.Span);
        if (recipient.LastAttempt is { } last) writer.Line("Last-Attempt-Date: "u8, last);
        if (recipient.RetryUntil is { } until) writer.Line("Will-Retry-Until: "u8, until);
    }

    /// <summary>RFC 3464 §2.3.1, and RFC 6533 §3 for "utf-8", which has an encoding of its own that stays as it is.</summary>
    private static void WriteOriginalRecipient(ReadOnlySpan<byte> original, bool international, ReportWriter writer)
    {
        int semicolon = original.IndexOf((byte)';');
        if (semicolon <= 0 || original.Length > EnvelopeRecipient.MaxOriginalRecipient) return;
        var type = original[..semicolon];
        scoped var address = original[(semicolon + 1)..];
        foreach (byte value in type)
        {
            if (!Ascii.IsAtext(value)) return;
        }
        Span<byte> decoded = stackalloc byte[EnvelopeRecipient.MaxOriginalRecipient];
        if (Ascii.EqualsIgnoreCase(type, "utf-8"u8))
        {
            if (!IsShown(address, international)) return;
        }
        else
        {
            if (!XText.TryDecodePrintable(address, decoded, out int length)) return;
            address = decoded[..length];
        }
        writer.Add("Original-Recipient: "u8);
        writer.Add(type);
        writer.Line("; "u8, address);
    }

    private static bool IsShown(ReadOnlySpan<byte> address, bool international) =>
        Ascii.IsPrintable(address) || (international && !address.ContainsAnyInRange((byte)0, (byte)0x1f) && !address.Contains((byte)0x7f)
            && Utf8Text.IsIdentifier(address));

    /// <summary>RFC 3464 §2.3.5: a name, and what else is known as a comment.</summary>
    private static void WriteRemoteHost(ReadOnlySpan<byte> host, ReportWriter writer)
    {
        int space = host.IndexOf((byte)' ');
        var name = space < 0 ? host : host[..space];
        if (!DomainName.TryParse(name, out _) && !AddressLiteral.TryParse(name, out _)) return;
        writer.Add("Remote-MTA: dns; "u8);
        writer.Add(name);
        if (space >= 0 && AddressLiteral.TryParse(host[(space + 1)..], out _))
        {
            writer.Add(" ("u8);
            writer.Add(host[(space + 1)..]);
            writer.Add(")"u8);
        }
        writer.EndLine();
    }

    private static ReadOnlySpan<byte> NameOf(NotifiedAction action) => action switch
    {
        NotifiedAction.Failed => "failed"u8,
        NotifiedAction.Delayed => "delayed"u8,
        NotifiedAction.Delivered => "delivered"u8,
        NotifiedAction.Relayed => "relayed"u8,
        _ => "expanded"u8,
    };
}
