using Postern.Ipc;
using Postern.Posix;

namespace Postern.Role;

/// <summary>A program's own part: what it does with its configuration, its peers and its listening sockets.</summary>
public interface IProgram
{
    /// <summary>Takes the configuration, before the start and again on each reload.</summary>
    /// <param name="slice">The program's slice, as postern-config wrote it.</param>
    /// <returns>False when it can't be read: the program ends.</returns>
    bool Configure(ReadOnlySpan<byte> slice);

    /// <summary>Takes a channel to another program, once started; an older one to the same is over.</summary>
    void Connect(ProgramName peer, Descriptor channel);

    /// <summary>Takes a listening socket, once started.</summary>
    void Listen(int index, Descriptor listener);

    /// <summary>Stops accepting on a listening socket.</summary>
    void Retire(int index);

    /// <summary>Opens what is needed, within the walls that stand by now; the program serves from now on.</summary>
    /// <returns>Null, or why it can't: the program logs it and ends with <see cref="ExitCode.Configuration"/>'s kin.</returns>
    string? Start();

    /// <summary>Finishes what is in flight and then calls <see cref="ProgramContext.Finish"/>.</summary>
    void Stop();
}
