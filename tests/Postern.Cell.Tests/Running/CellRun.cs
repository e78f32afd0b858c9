using System.Diagnostics;
using System.Text;
using Postern.TestKit.Servers;

namespace Postern.Cell.Tests.Running;

/// <summary>Who calls the cell, and what the system lets it have.</summary>
public enum CellMode
{
    /// <summary>Root: users and namespaces.</summary>
    Root,

    /// <summary>Nobody special, where everybody may make namespaces.</summary>
    Unprivileged,

    /// <summary>Nobody special, where nobody may: Landlock and the filter of system calls stand alone.</summary>
    Bare,
}

/// <summary>What a cell left.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record CellResult(int Code, byte[] Output, string Error)
{
    /// <summary>The output as text, without the last line end.</summary>
    internal string Text => Encoding.UTF8.GetString(Output).TrimEnd('\n');

    /// <inheritdoc/>
    public override string ToString() => $"{Code}: {Text} | {Error}";
}

/// <summary>Runs the native program.</summary>
internal static class CellRun
{
    /// <summary>The command line of a cell.</summary>
    internal static string[] Command(CellMode mode, params IEnumerable<string> arguments)
    {
        var cell = PosternPrograms.Of("postern-cell");
        switch (mode)
        {
            case CellMode.Root:
                Requirement.Root("a user and namespaces of its own");
                return [cell, .. arguments];
            case CellMode.Unprivileged:
                return [.. Unprivileged.Command(cell, arguments)];
            default:
                // In a namespace of users where no further one may be made.
                const string script = "echo 0 >/proc/sys/user/max_user_namespaces && exec \"$0\" \"$@\"";
                return [.. Unprivileged.Command("unshare", ["--user", "--map-root-user", "sh", "-c", script, cell, .. arguments])];
        }
    }

    /// <summary>Runs a program in a cell to its end.</summary>
    internal static CellResult Run(CellMode mode, params IEnumerable<string> arguments) => Run(Command(mode, arguments), []);

    /// <summary>Runs a command line to its end, with bytes on its standard input.</summary>
    internal static CellResult Run(string[] command, byte[] input)
    {
        using var process = Start(command);
        var output = ReadAsync(process.StandardOutput.BaseStream);
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading.
        }

        if (!process.WaitForExit(Patience.Long))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(string.Join(' ', command));
        }

        return new CellResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Starts a command line, with pipes.</summary>
    internal static Process Start(string[] command) => Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = "/",
    })!;

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
