using Postern.Smtp;
using Postern.Smtpd.Sessions;

namespace Postern.Smtpd.Commands;

/// <summary>DATA and BDAT: what has to hold before content is taken.</summary>
internal static class ContentCommands
{
    /// <summary>Chunks in one message: at the smallest, more than a line each; beyond it the client wastes our time.</summary>
    private const int MaxChunks = 100_000;

    /// <summary>DATA (RFC 5321 §4.1.1.4).</summary>
    internal static CommandOutcome Data(SmtpSession session, ReadOnlySpan<byte> argument) =>
        argument.IsEmpty ? new CommandOutcome(null, NextStep.ReceiveData) : Replies.BadArgument;

    /// <summary>BDAT (RFC 3030 §2): whatever the answer will be, the chunk behind the command is no command.</summary>
    internal static CommandOutcome Bdat(SmtpSession session, ReadOnlySpan<byte> argument)
    {
        // How long the chunk is, is unknown then, and with it where the next command begins.
        if (!BdatCommand.TryParse(argument, out var chunk)) return new CommandOutcome(Replies.BadChunkSize, NextStep.Close);
        if ((session.Phase & (SessionPhase.Recipients | SessionPhase.Chunks)) == 0)
        {
            var reply = SessionReplies.OutOfPlace(CommandVerb.Bdat, session);
            return new CommandOutcome(reply, NextStep.SwallowChunk, chunk);
        }

        return ++session.Transaction!.Chunks > MaxChunks
            ? new CommandOutcome(Replies.TooManyErrors, NextStep.Close)
            : new CommandOutcome(null, NextStep.ReceiveChunk, chunk);
    }
}
