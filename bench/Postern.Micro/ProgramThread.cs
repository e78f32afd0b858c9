using Postern.Loop;
using Postern.Role.Logging;

namespace Postern.Micro;

/// <summary>One program's loop on a thread of its own, so that what it allocates can be told from what the others do.</summary>
internal sealed class ProgramThread
{
    /// <summary>How often the thread looks at its own counter.</summary>
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(20);

    private readonly LoopTimer _timer;
    private long _allocated;

    internal ProgramThread(string name)
    {
        Name = name;
        Loop = new EventLoop(TimeProvider.System);
        Log = new EventLog(name, Loop, static _ => true);
        _timer = Loop.CreateTimer(Count);
    }

    internal string Name { get; }

    internal EventLoop Loop { get; }

    /// <summary>Lines are made as ever, and dropped.</summary>
    internal EventLog Log { get; }

    /// <summary>The kernel's number of the thread.</summary>
    internal long Id { get; private set; }

    /// <summary>Bytes that it has allocated so far.</summary>
    internal long Allocated => Volatile.Read(ref _allocated);

    internal void Start()
    {
        _timer.Set(_pace);
        new Thread(Run) { IsBackground = true, Name = Name }.Start();
    }

    private void Run()
    {
        Id = long.Parse(Path.GetFileName(File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false)!.FullName));
        Loop.Run();
    }

    private void Count()
    {
        Volatile.Write(ref _allocated, GC.GetAllocatedBytesForCurrentThread());
        _timer.Set(_pace);
    }
}
