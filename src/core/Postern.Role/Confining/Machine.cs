using System.Runtime.InteropServices;

namespace Postern.Role.Confining;

/// <summary>The kind of processor that a filter is for: system calls have other numbers on each.</summary>
/// <param name="Architecture">AUDIT_ARCH_…, as the kernel says it to a filter (linux/audit.h).</param>
/// <param name="IsArm">True for 64-bit Arm, false for x86-64.</param>
internal sealed record Machine(uint Architecture, bool IsArm)
{
    /// <summary>x86-64; its numbers with bit 30 set are calls by another convention (x32).</summary>
    internal static readonly Machine Intel = new(0xc000003e, IsArm: false);

    /// <summary>64-bit Arm.</summary>
    internal static readonly Machine Arm = new(0xc00000b7, IsArm: true);

    /// <summary>The one that this process runs on; null when it is neither.</summary>
    internal static Machine? Own => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => Intel,
        System.Runtime.InteropServices.Architecture.Arm64 => Arm,
        _ => null,
    };

    /// <summary>A call's number here, −1 for none.</summary>
    internal int NumberOf(SystemCall call) => IsArm ? call.Arm : call.Intel;
}
