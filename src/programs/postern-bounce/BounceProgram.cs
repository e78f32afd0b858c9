using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Posix;
using Postern.Role;

namespace Postern.Bounce;

/// <summary>Bounce's own part: names from its slice, one desk per channel to the queue.</summary>
internal sealed class BounceProgram(ProgramContext context) : IProgram
{
    private BounceNames? _names;

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        if (!frames.TryNext(out var type, out var reader) || type != BounceSlice.Type
            || !BounceSlice.TryRead(ref reader, out var own) || !frames.AtEnd
            || !DomainName.TryParse(own.HostName, out var host)
            || !Mailbox.TryParse(own.Postmaster, allowUtf8: true, out var postmaster))
        {
            return false;
        }

        _names = new BounceNames(host, postmaster);
        return true;
    }

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel)
    {
        if (peer != ProgramName.Queue || _names is null)
        {
            channel.Dispose();
            return;
        }

        // The desk asks each time: a reload changes the names while it serves.
        var desk = new NoticeDesk(context.Log, () => _names!);
        _ = new Channel(context.Loop, channel, context.Links.Watch(peer, desk));
    }

    /// <inheritdoc/>
    public void Listen(int index, Descriptor listener) => listener.Dispose();

    /// <inheritdoc/>
    public void Retire(int index)
    {
    }

    /// <inheritdoc/>
    public string? Start() => _names is null ? "no configuration came" : null;

    /// <inheritdoc/>
    public void Stop() => context.Finish();
}
