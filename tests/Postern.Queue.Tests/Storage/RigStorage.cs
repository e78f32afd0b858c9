using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Storage;

/// <summary>What a queue under test keeps its log in: in memory, or in segments on a simulated disk.</summary>
internal abstract class RigStorage : IDisposable
{
    /// <summary>Set while a test runs a second time, on segments; see <see cref="OnSegmentsTests"/>.</summary>
    internal static readonly AsyncLocal<bool> OnSegments = new();

    /// <summary>The log.</summary>
    internal abstract IRecordLog Log { get; }

    /// <summary>How often a commit reached storage.</summary>
    internal abstract int Commits { get; }

    /// <summary>The next this many commits succeed, the one after fails.</summary>
    internal abstract int CommitsUntilFailure { set; }

    /// <summary>A new one, empty.</summary>
    /// <param name="sectionBytes">About how much a section of the log takes.</param>
    internal static RigStorage New(int sectionBytes) =>
        OnSegments.Value ? new SegmentStorage(sectionBytes) : new MemoryStorage(new MemoryLog(sectionBytes));

    /// <summary>Uses up all the room there is, that for results included.</summary>
    internal abstract void FillUp();

    /// <summary>Gives the room back.</summary>
    internal abstract void MakeRoom();

    /// <summary>What a crash leaves.</summary>
    /// <param name="keepOpenBatch">True when the batch that was being committed happened to reach storage whole.</param>
    internal abstract RigStorage Crash(bool keepOpenBatch);

    public void Dispose() => Log.Dispose();

    private sealed class MemoryStorage(MemoryLog log) : RigStorage
    {
        internal override IRecordLog Log => log;

        internal override int Commits => log.Commits;

        internal override int CommitsUntilFailure
        {
            set => log.CommitsUntilFailure = value;
        }

        internal override void FillUp() => log.Capacity = 0;

        internal override void MakeRoom() => log.Capacity = long.MaxValue;

        internal override RigStorage Crash(bool keepOpenBatch) => new MemoryStorage(log.Crash(keepOpenBatch));
    }
}
