using Postern.Ipc;
using Postern.Loop;
using Postern.Posix;
using Postern.Role.Logging;

namespace Postern.Directory.Answers;

/// <summary>How a channel to a program that asks is opened, and what is logged when it goes.</summary>
internal static class AnswerLimits
{
    /// <summary>
    /// Answers that may wait to be taken; whoever leaves more unread is not heard meanwhile. A list of ten thousand long
    /// addresses takes 3.5 MB, so that much more may wait when the last question was about one. Arbitrary. It is no
    /// offence to ask for much: the recipients of one message may all be long lists.
    /// </summary>
    internal const int MaxUnsent = 1024 * 1024;

    /// <summary>Begins to answer a program.</summary>
    internal static Channel Serve(EventLoop loop, Descriptor channel, IChannelEvents answers) =>
        new(loop, channel, answers) { MaxUnsent = MaxUnsent };

    /// <summary>Logs the end of a channel when it was not an ordinary one.</summary>
    internal static void LogEnd(EventLog log, string peer, bool hostile)
    {
        if (hostile)
        {
            log.Warning("peer-refused").Word("peer", peer).Write();
        }
    }
}
