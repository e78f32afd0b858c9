using System.Buffers.Binary;
using Postern.Posix.Confining;

namespace Postern.Role.Tests.Confining;

/// <summary>Runs classic BPF as the kernel does, and refuses what the kernel would refuse to load.</summary>
internal static class ClassicFilter
{
    private const int DataSize = 64;

    /// <summary>Runs a program over a system call; returns its verdict.</summary>
    internal static uint Run(FilterInstruction[] program, uint architecture, int number, ulong[] arguments)
    {
        // struct seccomp_data, in little-endian: both machines are.
        Span<byte> data = stackalloc byte[DataSize];
        BinaryPrimitives.WriteInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], architecture);
        for (var i = 0; i < arguments.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data[(16 + (8 * i))..], arguments[i]);
        }

        var accumulator = 0u;
        for (var at = 0; ;)
        {
            var one = program[at++];
            switch (one.Code)
            {
                case 0x20: // BPF_LD | BPF_W | BPF_ABS
                    Assert.True(one.Operand % 4 == 0 && one.Operand < DataSize, $"loads from {one.Operand}");
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)one.Operand..]);
                    break;
                case 0x54: // BPF_ALU | BPF_AND | BPF_K
                    accumulator &= one.Operand;
                    break;
                case 0x15: // BPF_JMP | BPF_JEQ | BPF_K
                    at += accumulator == one.Operand ? one.JumpTrue : one.JumpFalse;
                    break;
                case 0x35: // BPF_JMP | BPF_JGE | BPF_K
                    at += accumulator >= one.Operand ? one.JumpTrue : one.JumpFalse;
                    break;
                case 0x06: // BPF_RET | BPF_K
                    return one.Operand;
                default:
                    throw new InvalidOperationException($"no such instruction: {one.Code}");
            }
        }
    }
}
