namespace Postern.Smtp;

/// <summary>Why bytes from a server are no reply (RFC 5321 §4.2).</summary>
public enum ReplyFault : byte
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>A line does not begin with a code from 200 to 599 and a space, a hyphen or the line's end.</summary>
    NotAReply,

    /// <summary>The lines of one reply have different codes: two replies ran into each other, or one was forged.</summary>
    CodesDiffer,

    /// <summary>A bare CR, a bare LF or a NUL.</summary>
    LineDiscipline,

    /// <summary>More bytes than <see cref="ReplyReader.MaxReply"/>.</summary>
    TooLong,

    /// <summary>More lines than <see cref="ReplyReader.MaxLines"/>.</summary>
    TooManyLines,
}
