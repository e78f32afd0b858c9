namespace Postern.Mail;

/// <summary>Why it can't be told who wrote a message.</summary>
public enum AuthorFault
{
    /// <summary>It can.</summary>
    None,

    /// <summary>A line of the header is no field.</summary>
    BadHeader,

    /// <summary>There is no From field.</summary>
    NoFrom,

    /// <summary>There are several From or Sender fields (RFC 5322 §3.6 allows one of each).</summary>
    Repeated,

    /// <summary>From is no list of mailboxes, or too long a one.</summary>
    BadFrom,

    /// <summary>Sender is not one mailbox.</summary>
    BadSender,
}
