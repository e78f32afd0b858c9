using System.Runtime.InteropServices;

namespace Postern.Posix;

/// <summary>Owns one open file descriptor and closes it once.</summary>
/// <remarks>
/// No finaliser: a descriptor's life is decided by the code that owns it, and a forgotten one is a bug that a
/// collector must not hide by closing a number at an arbitrary moment.
/// </remarks>
public sealed partial class Descriptor : IDisposable
{
    private int _number;

    /// <summary>Takes ownership of an open descriptor.</summary>
    public Descriptor(int number) => _number = number;

    /// <summary>The descriptor's number; −1 once closed or given away.</summary>
    public int Number => _number;

    /// <summary>Gives the number away: the caller owns it from now on.</summary>
    public int Release()
    {
        var number = _number;
        _number = -1;
        return number;
    }

    /// <summary>Closes the descriptor; a second call does nothing.</summary>
    public void Dispose()
    {
        if (_number >= 0)
        {
            // Linux frees the number even when close reports an error; whoever needs durability has synced before.
            _ = Close(Release());
        }
    }

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
