using System.Diagnostics;
using System.Text;

namespace Postern.TestKit.Servers;

/// <summary>What a program that ran to its end left.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
public sealed record ToolResult(int Code, string Output, string Error)
{
    /// <summary>Throws with everything it said unless it ended with 0.</summary>
    public ToolResult MustSucceed() => Code == 0 ? this : throw new InvalidOperationException(ToString());
}

/// <summary>Runs a program to its end.</summary>
public static class Tool
{
    /// <summary>Runs it with nothing on standard input.</summary>
    public static ToolResult Run(string program, IEnumerable<string> arguments) => Run(program, arguments, []);

    /// <summary>Runs it with the bytes on standard input.</summary>
    public static ToolResult Run(string program, IEnumerable<string> arguments, byte[] input)
    {
        using var process = Process.Start(Order(program, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code says what there is to say.
        }

        if (!process.WaitForExit(Patience.Long))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} does not end.");
        }

        return new ToolResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    internal static ProcessStartInfo Order(string program, IEnumerable<string> arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardOutputEncoding = Encoding.UTF8,
        StandardErrorEncoding = Encoding.UTF8,
        WorkingDirectory = "/",
    };
}
