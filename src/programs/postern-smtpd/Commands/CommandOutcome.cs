using Postern.Smtp;

namespace Postern.Smtpd.Commands;

/// <summary>What a command came to: the reply, and what the session does next.</summary>
/// <param name="Reply">The reply; null when what comes next decides it.</param>
/// <param name="Next">What next.</param>
/// <param name="Chunk">For <see cref="NextStep.ReceiveChunk"/> and <see cref="NextStep.SwallowChunk"/>: the command.</param>
internal readonly record struct CommandOutcome(SmtpReply? Reply, NextStep Next, BdatCommand Chunk = default)
{
    public static implicit operator CommandOutcome(SmtpReply reply) => new(reply, NextStep.ReadOn);
}

/// <summary>What a session does after a command.</summary>
internal enum NextStep
{
    /// <summary>Takes the next command.</summary>
    ReadOn,

    /// <summary>Waits until the client has sent more.</summary>
    Fill,

    /// <summary>Asks the directory about the transaction's candidate, and replies.</summary>
    AskDirectory,

    /// <summary>Takes content up to its dot, and replies.</summary>
    ReceiveData,

    /// <summary>Takes a chunk, and replies.</summary>
    ReceiveChunk,

    /// <summary>Passes over a chunk, then sends the reply.</summary>
    SwallowChunk,

    /// <summary>Says that TLS may begin, and begins it.</summary>
    StartTls,

    /// <summary>Lets the client log in, and replies.</summary>
    LogIn,

    /// <summary>Asks the directory whether who has logged in may send from the transaction's sender, and replies.</summary>
    AskSender,

    /// <summary>Sends the reply and closes.</summary>
    Close,
}
