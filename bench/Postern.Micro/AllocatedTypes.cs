using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Postern.Micro;

/// <summary>Which types the allocated bytes are of: the runtime reports one allocation in about a hundred kilobytes, by thread.</summary>
internal sealed class AllocatedTypes : EventListener
{
    private const EventKeywords Allocations = (EventKeywords)1;
    private const int MaxShown = 16;

    private readonly ConcurrentDictionary<(long Thread, string Type), long> _bytes = new();

    /// <summary>Prints what one operation allocates, by program and type, and forgets it.</summary>
    internal void Print(MailPath path, long count)
    {
        foreach (var program in path.Programs)
        {
            foreach (var (key, bytes) in _bytes.Where(entry => entry.Key.Thread == program.Id).OrderByDescending(entry => entry.Value).Take(MaxShown))
            {
                Console.WriteLine($"    {program.Name,-8}{(double)bytes / count,10:N0}  {key.Type}");
            }
        }
    }

    internal void Forget() => _bytes.Clear();

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, Allocations);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) == true)
        {
            var bytes = Convert.ToInt64(eventData.Payload![eventData.PayloadNames!.IndexOf("AllocationAmount64")]);
            var type = (string)eventData.Payload[eventData.PayloadNames.IndexOf("TypeName")]!;
            _bytes.AddOrUpdate((eventData.OSThreadId, type), bytes, (_, sum) => sum + bytes);
        }
    }
}
