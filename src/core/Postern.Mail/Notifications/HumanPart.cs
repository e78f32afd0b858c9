using System.Globalization;
using System.Text;

namespace Postern.Mail;

/// <summary>The part of a notification that its reader sees first: plain English in plain text.</summary>
internal static class HumanPart
{
    /// <summary>How many recipients are named. Arbitrary: more is not read, and the part for machines has them all.</summary>
    public const int MaxNamed = 100;

    private static ReadOnlySpan<byte> Indent => "    "u8;

    /// <summary>The subject of the notification.</summary>
    public static ReadOnlySpan<byte> SubjectOf(Notification notification) => MainAction(notification) switch
    {
        NotifiedAction.Failed when notification.IsLastResort => "A message without a sender could not be delivered"u8,
        NotifiedAction.Failed => "Your message could not be delivered"u8,
        NotifiedAction.Delayed => "Your message is delayed"u8,
        NotifiedAction.Delivered => "Your message was delivered"u8,
        NotifiedAction.Relayed => "Your message was passed on"u8,
        _ => "Your message was delivered to a list"u8,
    };

    /// <summary>Writes the text.</summary>
    public static void Write(Notification notification, ReportWriter writer)
    {
        writer.Add("This is the mail server "u8);
        writer.Add(notification.ReportingHost.Text);
        writer.Line("."u8);
        int named = 0;
        for (var action = NotifiedAction.Failed; action <= NotifiedAction.Expanded; action++)
            WriteGroup(notification, action, writer, ref named);
        if (notification.Recipients.Count > named)
        {
            writer.EndLine();
            string more = string.Create(CultureInfo.InvariantCulture, $"and {notification.Recipients.Count - named} more, listed in the report below.");
            writer.Line(Encoding.ASCII.GetBytes(more));
        }
        WriteClose(notification, writer);
    }

    /// <summary>The action that the reader most needs to know of: the first in the order of the enumeration.</summary>
    private static NotifiedAction MainAction(Notification notification)
    {
        var main = NotifiedAction.Expanded;
        foreach (var recipient in notification.Recipients)
        {
            if (recipient.Action < main) main = recipient.Action;
        }
        return main;
    }

    private static void WriteGroup(Notification notification, NotifiedAction action, ReportWriter writer, ref int named)
    {
        bool introduced = false;
        foreach (var recipient in notification.Recipients)
        {
            if (recipient.Action != action || named == MaxNamed) continue;
            if (!introduced)
            {
                writer.EndLine();
                writer.Wrapped(default, action == NotifiedAction.Failed && notification.IsLastResort ? IntroductionToPostmaster : IntroductionOf(action));
                introduced = true;
            }
            WriteRecipient(recipient, writer);
            named++;
        }
    }

    private static ReadOnlySpan<byte> IntroductionToPostmaster =>
        "A message without a sender could not be delivered to the recipients below. It will not be tried again. Most such messages are reports "u8
        + "of others that could not be delivered. As there is nobody else to tell, this goes to you, the postmaster."u8;

    private static ReadOnlySpan<byte> IntroductionOf(NotifiedAction action) => action switch
    {
        NotifiedAction.Failed => "Your message could not be delivered to the recipients below. It will not be tried again."u8,
        NotifiedAction.Delayed =>
            "Your message has not been delivered to the recipients below yet. You need not do anything: it will be tried again."u8,
        NotifiedAction.Delivered => "Your message was delivered to the recipients below."u8,
        NotifiedAction.Relayed =>
            "Your message was passed on to a server that does not report further. You may hear from it only if something goes wrong."u8,
        _ => "Your message was delivered to the lists below, which pass it on to their members and do not report further."u8,
    };

    private static void WriteRecipient(NotifiedRecipient recipient, ReportWriter writer)
    {
        writer.EndLine();
        writer.Add("  <"u8);
        writer.Add(recipient.Mailbox.Text);
        writer.Line(">"u8);
        bool trouble = recipient.Action is NotifiedAction.Failed or NotifiedAction.Delayed;
        if (trouble) writer.Wrapped(Indent, StatusAdvice.Of(recipient.Status));
        if (!recipient.RemoteHost.IsEmpty)
        {
            writer.Add(Indent);
            writer.Line(recipient.RemoteHost.Span, trouble || !recipient.Text.IsEmpty ? " said:"u8 : " took it."u8);
        }
        writer.Wrapped(Indent, recipient.Text.Span);
        if (recipient.RetryUntil is { } until)
        {
            writer.Add(Indent);
            writer.Line("It will be tried until "u8, until);
        }
    }

    private static void WriteClose(Notification notification, ReportWriter writer)
    {
        writer.EndLine();
        writer.Line("The message came in on "u8, notification.Arrived);
        writer.Add("and is known here as "u8);
        writer.Add(notification.Message);
        writer.Line("."u8);
        if (notification.Original.IsEmpty) return;
        writer.Line(notification.OriginalIsFull ? "It is attached."u8 : "Its header is attached."u8);
    }
}
