using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Local.Deliveries;
using Postern.Local.Links;
using Postern.Posix;
using Postern.Role;

namespace Postern.Local;

/// <summary>Joins the queue, the directory and the users' delivers.</summary>
internal sealed class LocalProgram : IProgram
{
    private readonly ProgramContext _context;
    private readonly DirectoryLink _directory;
    private readonly QueueLink _queue;

    internal LocalProgram(ProgramContext context)
    {
        _context = context;
        _directory = new DirectoryLink(context.Log);
        var delivers = new DeliverLinks(context.Loop, context.Log, context.TellSupervisor);
        context.DeliverAnswered = delivers.Answered;
        _queue = new QueueLink(context.Log, (number, start, queue, over) =>
            new LocalDelivery(number, start, _directory, delivers) { Queue = queue, Over = over });
    }

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        return frames.TryNext(out var type, out var reader) && type == LocalSlice.Type && LocalSlice.TryRead(ref reader, out _) && frames.AtEnd;
    }

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel)
    {
        if (peer == ProgramName.Queue)
        {
            _queue.Join(new Channel(_context.Loop, channel, _context.Links.Watch(peer, _queue)) { Drained = _directory.AskNext });
        }
        else if (peer == ProgramName.Directory)
        {
            // Not watched: of these two the directory gives way.
            _directory.Join(new Channel(_context.Loop, channel, _directory));
        }
        else
        {
            channel.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Listen(int index, Descriptor listener) => listener.Dispose();

    /// <inheritdoc/>
    public void Retire(int index)
    {
    }

    /// <inheritdoc/>
    public string? Start() => null;

    /// <inheritdoc/>
    public void Stop() => _context.Finish(); // The queue has ended before: it waits for every attempt.
}
