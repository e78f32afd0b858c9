using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Postern.Fuzz;

/// <summary>What the native driver (<c>fuzz/driver.c</c>) calls.</summary>
public static class Engine
{
    /// <summary>The counters of the instrumented assemblies: one for each pair of places that were passed one after the other.</summary>
    internal const int Counters = 1 << 16;

    private static Target? _target;

    /// <summary>Names the target, and the memory in which it shall count.</summary>
    [UnmanagedCallersOnly]
    public static int Start(nint counters, nint name)
    {
        _target = Targets.Find(Marshal.PtrToStringUTF8(name) ?? "");
        CountIn(counters);
        return _target is null ? 1 : 0;
    }

    /// <summary>Runs the target once.</summary>
    /// <returns>0, or 1 when an oracle objected or something was thrown; standard error says what.</returns>
    [UnmanagedCallersOnly]
    public static int Run(nint input, int length)
    {
        // An array of just this size: reading beyond the end is noticed.
        byte[] bytes = new byte[length];
        if (length > 0) Marshal.Copy(input, bytes, 0, length);
        Trace.PrevLocation = 0;
        return TryRun(_target!, bytes) ? 0 : 1;
    }

    /// <summary>Runs a target on one input, and says on standard error what it objected to.</summary>
    internal static bool TryRun(Target target, byte[] input)
    {
        try
        {
            target.Run(input);
            return true;
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine($"{target.Name}: {failure}");
            return false;
        }
    }

    // The field is a pointer, which code without unsafe blocks can't name; reflection takes its number.
    internal static void CountIn(nint counters) => typeof(Trace).GetField(nameof(Trace.SharedMem))!.SetValue(null, counters);
}
