namespace Postern.Role.Confining;

/// <summary>Asks something of 32 bits of an argument of a system call.</summary>
/// <param name="Argument">Which argument, from 0.</param>
/// <param name="Value">What the bits must be.</param>
/// <param name="Mask">The bits that count.</param>
/// <param name="High">True for the upper half of the argument.</param>
/// <param name="Differs">True when the bits must be anything but the value.</param>
internal readonly record struct ArgumentTest(int Argument, uint Value, uint Mask = uint.MaxValue, bool High = false, bool Differs = false);

/// <summary>What becomes of one system call.</summary>
/// <param name="Number">The call.</param>
/// <param name="Verdict">What becomes of it when one of the cases holds, or when there are none.</param>
/// <param name="Cases">All tests of a case must hold.</param>
/// <param name="Otherwise">What becomes of it when no case holds.</param>
internal sealed record CallRule(int Number, uint Verdict, ArgumentTest[][] Cases, uint Otherwise)
{
    /// <summary>A rule without conditions.</summary>
    internal CallRule(int number, uint verdict)
        : this(number, verdict, [], verdict)
    {
    }
}

/// <summary>What a filter may answer (seccomp(2)).</summary>
internal static class Verdict
{
    /// <summary>The call is made.</summary>
    internal const uint Allow = 0x7fff0000;

    /// <summary>The process ends with SIGSYS, all its threads at once.</summary>
    internal const uint Kill = 0x80000000;

    /// <summary>EPERM: the call exists and is not for this program.</summary>
    internal const uint Refuse = 0x00050000 | 1;

    /// <summary>ENOSYS, as a kernel answers that does not have the call: libc goes on with an older one.</summary>
    internal const uint Deny = 0x00050000 | 38;
}
