using Postern.Role.Logging;

namespace Postern.Directory.Answers;

/// <summary>How far a program may leave its answers unread, and what is logged when it goes.</summary>
internal static class AnswerLimits
{
    /// <summary>
    /// Answers that may wait to be taken. A list of ten thousand long addresses takes 3.5 MB, and several may be asked for
    /// at once; whoever lets more than this pile up only wants our memory.
    /// </summary>
    internal const int MaxUnsent = 64 * 1024 * 1024;

    /// <summary>Logs the end of a channel when it was not an ordinary one.</summary>
    internal static void LogEnd(EventLog log, string peer, bool hostile)
    {
        if (hostile)
        {
            log.Warning("peer-refused").Word("peer", peer).Write();
        }
    }
}
