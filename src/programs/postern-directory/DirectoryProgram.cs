using Postern.Directory.Answers;
using Postern.Directory.Tables;
using Postern.Ipc;
using Postern.Posix;
using Postern.Role;

namespace Postern.Directory;

/// <summary>The directory's own part: tables in, answers out, one question at a time.</summary>
internal sealed class DirectoryProgram : IProgram
{
    private readonly ProgramContext _context;
    private readonly CurrentBook _current;

    /// <summary>Makes it.</summary>
    internal DirectoryProgram(ProgramContext context)
    {
        _context = context;
        _current = new CurrentBook(PasswordWatch.OfThisHost(context.Loop.Time));
    }

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice) => _current.Replace(slice);

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel)
    {
        // Channels own nothing and end by themselves; an older one to the same program closes at the other end.
        switch (peer)
        {
            case ProgramName.Smtpd:
                _ = AnswerLimits.Serve(_context.Loop, channel, _context.Links.Watch(peer, new VerdictAnswers(_current, _context.Log)));
                break;
            case ProgramName.Local:
                _ = AnswerLimits.Serve(_context.Loop, channel, _context.Links.Watch(peer, new MeaningAnswers(_current, _context.Log)));
                break;
            default:
                channel.Dispose();
                break;
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
        var book = _current.Book;
        return book.WantsSystemUsers && book.SystemUsers is null ? "/etc/passwd can't be read" : null;
    }

    /// <inheritdoc/>
    public void Stop() => _context.Finish();
}
