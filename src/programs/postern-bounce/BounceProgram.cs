using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Posix;
using Postern.Role;

namespace Postern.Bounce;

/// <summary>Bounce's own part: names from its slice, one desk per channel to the queue.</summary>
internal sealed class BounceProgram(ProgramContext context) : IProgram
{
    private DomainName? _host;
    private Mailbox? _postmaster;

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        return frames.TryNext(out var type, out var reader) && type == BounceSlice.Type
            && BounceSlice.TryRead(ref reader, out var own) && frames.AtEnd
            && DomainName.TryParse(own.HostName, out _host)
            && Mailbox.TryParse(own.Postmaster, allowUtf8: true, out _postmaster);
    }

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel)
    {
        if (peer != ProgramName.Queue || _host is null || _postmaster is null)
        {
            channel.Dispose();
            return;
        }

        _ = new Channel(context.Loop, channel, new NoticeDesk(context.Log, _host, _postmaster));
    }

    /// <inheritdoc/>
    public void Listen(int index, Descriptor listener) => listener.Dispose();

    /// <inheritdoc/>
    public void Retire(int index)
    {
    }

    /// <inheritdoc/>
    public string? Start() => _host is null ? "no configuration came" : null;

    /// <inheritdoc/>
    public void Stop() => context.Finish();
}
