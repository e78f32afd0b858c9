using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Postern.Coverage;

/// <summary>
/// The memory in which every process notes what it has passed, a byte a probe. It is System V memory: it is found by a number,
/// so no file has to be opened behind the walls, no environment handed on, and it outlives a process that is killed.
/// </summary>
internal static class SharedHits
{
    private const int Make = 0x200; // IPC_CREAT
    private const int Remove = 0; // IPC_RMID
    private const int ForEverybody = 0x1B6; // 0666: the programs have users of their own

    /// <summary>Makes it anew, with nothing noted.</summary>
    public static void Create(int key, int size)
    {
        int old = Get(key, 0, 0);
        if (old >= 0 && Control(old, Remove, 0) != 0)
        {
            throw new Win32Exception();
        }

        if (Get(key, (nuint)size, Make | ForEverybody) < 0)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>What was noted so far.</summary>
    public static bool[] Read(int key, int size)
    {
        int id = Get(key, 0, 0);
        nint begin = id < 0 ? -1 : Attach(id, 0, 0);
        if (begin == -1)
        {
            throw new Win32Exception();
        }

        byte[] bytes = new byte[size];
        Marshal.Copy(begin, bytes, 0, size);
        return Array.ConvertAll(bytes, one => one != 0);
    }

    [DllImport("libc", EntryPoint = "shmget", SetLastError = true)]
    private static extern int Get(int key, nuint size, int flags);

    [DllImport("libc", EntryPoint = "shmat", SetLastError = true)]
    private static extern nint Attach(int id, nint address, int flags);

    [DllImport("libc", EntryPoint = "shmctl", SetLastError = true)]
    private static extern int Control(int id, int command, nint argument);
}
