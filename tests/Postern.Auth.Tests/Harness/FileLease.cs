using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Postern.Auth.Tests.Harness;

/// <summary>Keeps others from opening a file, root included, without a trace in what the system knows about it (fcntl(2), leases).</summary>
internal sealed class FileLease : IDisposable
{
    private const int SetSignal = 10; // F_SETSIG
    private const int SetLease = 1024; // F_SETLEASE
    private const int ForWriting = 1; // F_WRLCK
    private const int Urgent = 23; // SIGURG, which is ignored unless somebody wants it.

    private readonly SafeFileHandle _file;

    private FileLease(SafeFileHandle file) => _file = file;

    public static FileLease Take(string path)
    {
        var lease = new FileLease(File.OpenHandle(path));
        Assert.Equal(0, Control(lease._file, SetSignal, Urgent));
        Assert.SkipWhen(Control(lease._file, SetLease, ForWriting) != 0, "this file system has no leases");
        return lease;
    }

    public void Dispose() => _file.Dispose();

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static extern int Control(SafeFileHandle file, int command, int argument);
}
