using System.Diagnostics.CodeAnalysis;
using Postern.Auth.Desk;
using Postern.Auth.Store;
using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Posix;
using Postern.Posix.Files;
using Postern.Role;

namespace Postern.Auth;

/// <summary>The program's part in the common rhythm: its folder, and its line to smtpd.</summary>
/// <param name="context">What every program is given.</param>
[SuppressMessage("Design", "CA1001", Justification = "Its book lives as long as the process.")]
internal sealed class AuthProgram(ProgramContext context) : IProgram
{
    private readonly List<Descriptor> _waiting = [];
    private AuthSlice? _settings;
    private LoginBook? _book;

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice)
    {
        if (AuthSlice.Read(slice) is not { } settings)
        {
            return false;
        }

        // Another folder is beyond the walls: then the program is started anew.
        _settings ??= settings;
        return true;
    }

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel)
    {
        if (peer != ProgramName.Smtpd)
        {
            channel.Dispose();
        }
        else if (_book is null)
        {
            _waiting.Add(channel);
        }
        else
        {
            Serve(channel, _book);
        }
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
        var folder = _settings!.Value.Folder;
        var opened = DirectoryHandle.Open(folder, out var directory);
        if (!opened.Ok)
        {
            return $"{folder} can't be opened: {opened}";
        }

        _book = LoginBook.Open(directory!, context.Loop.Time, context.Log);
        foreach (var channel in _waiting)
        {
            Serve(channel, _book);
        }

        _waiting.Clear();
        return null;
    }

    /// <inheritdoc/>
    public void Stop() => context.Finish();

    private void Serve(Descriptor channel, LoginBook book)
    {
        var desk = new LoginDesk(book, context.Log);
        desk.Channel = new Channel(context.Loop, channel, context.Links.Watch(ProgramName.Smtpd, desk)) { MaxUnsent = LoginDesk.MaxUnsent };
    }
}
