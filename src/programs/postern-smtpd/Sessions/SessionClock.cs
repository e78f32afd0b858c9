using Postern.Smtpd.Listening;
using Postern.Smtpd.Settings;

namespace Postern.Smtpd.Sessions;

/// <summary>How long a client may keep us waiting, now and in all.</summary>
/// <remarks>
/// Each deadline is a moment, not a time per read: a byte every twenty seconds does not move it. Content moves it by as much
/// as was sent, at the slowest rate that is worth waiting for.
/// </remarks>
internal sealed class SessionClock(SmtpServer server, SmtpdSettings settings, bool isTrusted)
{
    /// <summary>Bytes per second that content has to come at in the long run: what Postfix has as smtpd_min_data_rate.</summary>
    private const int MinContentRate = 500;

    /// <summary>What a stranger has for a command while the server is crowded: Postfix's smtpd_timeout under stress.</summary>
    private static readonly TimeSpan _crowdedTime = TimeSpan.FromSeconds(10);

    private readonly long _end = server.Loop.Now + settings.SessionTime.Ticks;
    private long _contentDue;
    private long _commandDue;

    private long Now => server.Loop.Now;

    /// <summary>A command was carried out: the time for the next one begins.</summary>
    internal void CommandDone()
    {
        var time = !isTrusted && server.IsCrowded && settings.CommandTime > _crowdedTime ? _crowdedTime : settings.CommandTime;
        _commandDue = Now + time.Ticks;
    }

    /// <summary>Content begins.</summary>
    internal void ContentBegins() => _contentDue = Now + settings.CommandTime.Ticks;

    /// <summary>Content came.</summary>
    internal void ContentCame(int bytes) => _contentDue += bytes * (TimeSpan.TicksPerSecond / MinContentRate);

    /// <summary>What is left for the command that is awaited.</summary>
    internal TimeSpan NextCommand() => Left(_commandDue);

    /// <summary>What is left for the content that is awaited; no single pause is longer than a command may take.</summary>
    internal TimeSpan NextContent() => Left(Math.Min(_contentDue, Now + settings.CommandTime.Ticks));

    private TimeSpan Left(long due) => TimeSpan.FromTicks(Math.Max(Math.Min(due, _end) - Now, 0));
}
