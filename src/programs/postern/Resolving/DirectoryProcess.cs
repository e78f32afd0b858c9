using Postern.CommandLine.Server;
using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;

namespace Postern.CommandLine.Resolving;

/// <summary>A directory of our own, wired as posternd would wire it: the server's answer, and the server need not run.</summary>
internal sealed class DirectoryProcess(FrameConnection channel, Descriptor control, int pid) : IDisposable
{
    /// <summary>Where questions go.</summary>
    internal FrameConnection Channel => channel;

    /// <summary>Starts one with its slice.</summary>
    internal static DirectoryProcess Start(byte[] slice)
    {
        using var file = Seal(slice);
        Check(Socket.OpenPair(packets: true, out var control, out var theirControl));
        Check(Socket.OpenPair(packets: false, out var channel, out var theirChannel));
        Check(ReadOnlyFile.Open("/dev/null", out var silence));
        using (theirControl)
        using (theirChannel)
        using (silence)
        {
            // Its log lines are the server's affair, not the caller's.
            int[] descriptors = [silence!.Number, silence.Number, silence.Number, theirControl!.Number];
            var started = ProcessStart.Spawn(ChildProgram.Beside("postern-directory"), ["postern-directory"], ChildProgram.Variables, descriptors);
            Check(started);
            Check(new ControlPacket(ControlKind.Slice).Send(control!.Number, file));
            // It answers `local` the question that matters here: what does an address mean?
            Check(new ControlPacket(ControlKind.Peer, Detail: (byte)ProgramName.Local).Send(control.Number, theirChannel));
            Check(new ControlPacket(ControlKind.Start).Send(control.Number));
            return new DirectoryProcess(new FrameConnection(channel!, "postern-directory"), control, started.Value);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        channel.Dispose();
        control.Dispose();
        if (pid > 0)
        {
            // It has written nothing and owes nothing.
            _ = ChildProcess.Signal(pid, ChildProcess.SignalKill);
            _ = ChildProcess.Reap(pid, wait: true, out _);
        }
    }

    private static Descriptor Seal(byte[] slice)
    {
        Check(MemoryFile.Create(out var file));
        Check(MemoryFile.Append(file!.Number, slice));
        Check(MemoryFile.Seal(file.Number));
        return file;
    }

    private static void Check(CallResult result)
    {
        if (result.Failed)
        {
            throw new CommandFailure(ExitCode.SystemError, $"postern-directory could not be started: {result}");
        }
    }
}
