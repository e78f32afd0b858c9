using Postern.Deliver.Disk;
using Postern.Deliver.Incoming;
using Postern.Deliver.Maildir;
using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Loop;
using Postern.Posix;
using Postern.Role;

namespace Postern.Deliver;

/// <summary>Deliver's own part: one channel to <c>local</c>, many messages, and an end when there is nothing to do.</summary>
internal sealed class DeliverProgram : IProgram
{
    /// <summary>How long it waits for more work. `local` closes an idle channel earlier, so that no message meets the end.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly ProgramContext _context;
    private readonly LoopTimer _idle;
    private DeliverSlice? _slice;
    private bool _isServing;
    private MessageDesk? _desk;
    private bool _stopping;

    /// <summary>The home of the user that this program runs as.</summary>
    internal static string Home => Environment.GetEnvironmentVariable("HOME") ?? "/nonexistent";

    /// <summary>Reads the slice; null when it is not one.</summary>
    internal static DeliverSlice? Read(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        return frames.TryNext(out var type, out var reader) && type == DeliverSlice.Type
            && DeliverSlice.TryRead(ref reader, out var read) && frames.AtEnd ? read : null;
    }

    /// <summary>Makes it.</summary>
    internal DeliverProgram(ProgramContext context)
    {
        _context = context;
        _idle = context.Loop.CreateTimer(() => context.Finish());
    }

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice)
    {
        if (Read(slice) is not { } read)
        {
            return false;
        }

        _slice = read;
        _desk?.Use(AccessBy(read, _desk.Workers.Access.Names.WithHost(read.HostName)));
        return true;
    }

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel)
    {
        if (peer != ProgramName.Local || _isServing)
        {
            channel.Dispose();
            return;
        }

        _isServing = true;
        _desk!.Serve(channel);
    }

    /// <inheritdoc/>
    public void Listen(int index, Descriptor listener) => listener.Dispose();

    /// <inheritdoc/>
    public void Retire(int index)
    {
    }

    /// <inheritdoc/>
    public string? Start()
    {
        if (_slice is not { } slice)
        {
            return "no slice came";
        }

        var names = new MessageNames(_context.Loop.Time, Environment.ProcessId, slice.HostName);
        var workers = new DiskWorkers(_context.Loop, AccessBy(slice, names));
        _desk = new MessageDesk(_context.Loop, _context.Log, workers, OnChanged);
        _idle.Set(_patience);
        return null;
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _stopping = true;
        OnChanged();
    }

    private static MaildirAccess AccessBy(DeliverSlice slice, MessageNames names) =>
        new(new MaildirCalls(), new MailboxBases(slice.Root, Home, slice.Postmaster), names);

    private void OnChanged()
    {
        if (_desk is { IsBusy: true })
        {
            _idle.Unset();
        }
        else if (_stopping || _desk is null or { IsOver: true })
        {
            _context.Finish();
        }
        else
        {
            _idle.Set(_patience);
        }
    }
}
