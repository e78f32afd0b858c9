using Postern.Posix.Files;

namespace Postern.Posix.Processes;

/// <summary>Starts a program, or becomes one.</summary>
public static unsafe class ProcessStart
{
    /// <summary>Starts a program as a child of this thread.</summary>
    /// <param name="path">The executable.</param>
    /// <param name="arguments">Its arguments, the program's name first.</param>
    /// <param name="environment">Its whole environment, <c>NAME=value</c>.</param>
    /// <param name="descriptors">What it finds as descriptors 0, 1, 2, …; negative numbers leave what is inherited there.</param>
    /// <returns>The process id, or the errno. Every other descriptor of ours is close-on-exec.</returns>
    public static CallResult Spawn(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, ReadOnlySpan<int> descriptors)
    {
        // posix_spawn_file_actions_t is 80 bytes in glibc and musl; room to spare costs nothing.
        var actions = stackalloc byte[256];
        if (ProcessCalls.InitialiseActions(actions) != 0)
        {
            return CallResult.Failure(Errno.NoMemory);
        }

        try
        {
            // A number that is a target below must not be overwritten before it was copied: lift the sources first, no higher than
            // needed, as few files may be allowed.
            var lift = Math.Max(descriptors.Length, 1 + descriptors.ToArray().DefaultIfEmpty(-1).Max());
            for (var i = 0; i < descriptors.Length; i++)
            {
                if (descriptors[i] >= 0 && ProcessCalls.AddDuplicate(actions, descriptors[i], lift + i) is not 0 and var error)
                {
                    // It looks at the numbers only, and says EBADF of one that is beyond the limit of open files.
                    return CallResult.Failure(error == Errno.BadDescriptor ? Errno.TooManyOpen : error);
                }
            }

            for (var i = 0; i < descriptors.Length; i++)
            {
                if (descriptors[i] >= 0 && ProcessCalls.AddDuplicate(actions, lift + i, i) is not 0 and var error)
                {
                    return CallResult.Failure(error);
                }
            }

            var vector = new TextVector(arguments);
            var variables = new TextVector(environment);
            int pid;
            fixed (byte* name = PathBytes.Terminated(path))
            {
                var error = ProcessCalls.Spawn(&pid, name, actions, null, vector.Start, variables.Start);
                return error == 0 ? CallResult.Of(pid) : CallResult.Failure(error);
            }
        }
        finally
        {
            _ = ProcessCalls.DestroyActions(actions);
        }
    }

    /// <summary>Replaces this process by a program; returns only when that failed.</summary>
    public static CallResult Become(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        var vector = new TextVector(arguments);
        var variables = new TextVector(environment);
        fixed (byte* name = PathBytes.Terminated(path))
        {
            return CallResult.From(ProcessCalls.Execute(name, vector.Start, variables.Start));
        }
    }
}
