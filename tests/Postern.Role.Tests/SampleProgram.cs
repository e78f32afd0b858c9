using System.Text;
using Postern.Ipc;
using Postern.Posix;

namespace Postern.Role.Tests;

/// <summary>A program that keeps a diary of what its host has it do.</summary>
internal sealed class SampleProgram(ProgramContext context, List<string> diary) : IProgram
{
    /// <summary>What Start says is wrong.</summary>
    internal string? Problem { get; init; }

    /// <summary>The slice that it refuses.</summary>
    internal const string BadSlice = "bad";

    public bool Configure(ReadOnlySpan<byte> slice)
    {
        diary.Add($"slice {Encoding.ASCII.GetString(slice)}");
        return !slice.SequenceEqual(Encoding.ASCII.GetBytes(BadSlice));
    }

    public void Connect(ProgramName peer, Descriptor channel)
    {
        diary.Add($"peer {peer}");
        channel.Dispose();
    }

    public void Listen(int index, Descriptor listener)
    {
        diary.Add($"listen {index}");
        listener.Dispose();
    }

    public void Retire(int index) => diary.Add($"retire {index}");

    public string? Start()
    {
        diary.Add("start");
        return Problem;
    }

    public void Stop()
    {
        diary.Add("stop");
        context.Finish();
    }
}
