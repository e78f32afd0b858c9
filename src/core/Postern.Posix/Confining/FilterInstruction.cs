using System.Runtime.InteropServices;

namespace Postern.Posix.Confining;

/// <summary>One instruction of classic BPF as the kernel takes it (struct sock_filter, linux/filter.h).</summary>
/// <param name="Code">What it does.</param>
/// <param name="JumpTrue">How many instructions a jump skips when its condition holds.</param>
/// <param name="JumpFalse">How many otherwise.</param>
/// <param name="Operand">A number, or a place in what is looked at.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct FilterInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand)
{
    /// <summary>Loads the 32 bits at the place <see cref="Operand"/> into the accumulator.</summary>
    public const ushort Load = 0x20;

    /// <summary>Keeps the bits of the accumulator that <see cref="Operand"/> has.</summary>
    public const ushort And = 0x54;

    /// <summary>Jumps by whether the accumulator is <see cref="Operand"/>.</summary>
    public const ushort JumpIfEqual = 0x15;

    /// <summary>Jumps by whether the accumulator is <see cref="Operand"/> or more, without sign.</summary>
    public const ushort JumpIfAtLeast = 0x35;

    /// <summary>Ends with the verdict <see cref="Operand"/>.</summary>
    public const ushort Return = 0x06;
}
