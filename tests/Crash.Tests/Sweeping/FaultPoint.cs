namespace Postern.Crash.Sweeping;

/// <summary>One system call of a life that goes wrong.</summary>
/// <param name="Call">Its name.</param>
/// <param name="Fault">What strace does to it: an error, a result that is not true, a signal.</param>
/// <param name="When">Which of the calls of this name, from 1.</param>
internal sealed record FaultPoint(string Call, string Fault, int When)
{
    /// <summary>What is needed to judge an acknowledgement.</summary>
    private const string Judged = "fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg";

    /// <summary>Whether the call makes something durable.</summary>
    internal bool IsSync => Call is "fdatasync" or "fsync";

    /// <summary>Whether the program dies at it.</summary>
    internal bool Kills => Fault.StartsWith("signal=", StringComparison.Ordinal);

    /// <summary>The beginning of the command line under which the program runs.</summary>
    internal string[] Front(string strace, string trace) =>
        [strace, "-f", "-o", trace, "-xx", "-s", "40000", "-e", $"trace={Judged},{Call}", "-e", $"inject={Call}:{Fault}:when={When}"];

    public override string ToString() => $"{Call} number {When}: {Fault}";
}
