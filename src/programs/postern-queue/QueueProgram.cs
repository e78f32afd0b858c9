using Postern.Ipc;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Role;

namespace Postern.Queue;

/// <summary>Puts the queue together: log, table, intake, dispatch, notices, administration, and the channels to the others.</summary>
internal sealed class QueueProgram : IProgram
{
    private readonly ProgramContext _context;
    private readonly Dictionary<int, Listener> _listeners = [];
    private QueueSettings? _settings;
    private QueueParts? _parts;

    internal QueueProgram(ProgramContext context) => _context = context;

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice)
    {
        var settings = QueueSettings.Read(slice);
        if (settings is null)
        {
            return false;
        }

        _settings = settings;
        _parts?.Adopt(settings);
        return true;
    }

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel) => _parts!.Connect(peer, channel);

    /// <inheritdoc/>
    public void Listen(int index, Descriptor listener) => _listeners[index] = new Listener(
        _context.Loop,
        listener,
        (connection, _) => _parts!.Welcome(connection, administration: index == 1),
        error => _context.Log.Warning("accepting-paused").Word("reason", Errno.Describe(error)).Write());

    /// <inheritdoc/>
    public void Retire(int index)
    {
        if (_listeners.Remove(index, out var listener))
        {
            listener.Dispose();
        }
    }

    /// <inheritdoc/>
    public string? Start()
    {
        if (_settings is null)
        {
            return "no configuration came";
        }

        var opened = QueueLog.Open(_settings.Folder, _settings.SegmentBytes);
        if (opened.Log is null)
        {
            return Explain(opened.Problem!);
        }

        var background = new BackgroundThread(_context.Loop, "sync");
        _parts = new QueueParts(_context.Loop, background, _context.Log, code => _context.Finish(code), opened.Log, _settings);
        return _parts.Replay() is { } problem ? Explain(problem) : null;
    }

    /// <inheritdoc/>
    public void Stop() => _parts?.Stop();

    private string Explain(string problem)
    {
        // As after a restore by root: all that is missing is the owner.
        var hint = problem.Contains(Errno.Describe(Errno.AccessDenied), StringComparison.Ordinal)
            ? $"; run: chown -R {OwnProcess.User}:{OwnProcess.Group} {_settings!.Folder}" : "";
        return $"{_settings!.Folder}: {problem}{hint}";
    }
}
