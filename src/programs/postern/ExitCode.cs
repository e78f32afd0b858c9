namespace Postern.CommandLine;

/// <summary>Exit codes as sysexits.h names them; callers of sendmail act on them.</summary>
internal static class ExitCode
{
    internal const int Success = 0;
    internal const int Usage = 64;
    internal const int BadData = 65;
    internal const int NoInput = 66;
    internal const int NoUser = 67;
    internal const int Unavailable = 69;
    internal const int Software = 70;
    internal const int SystemError = 71;
    internal const int InputOutput = 74;
    internal const int TemporaryFailure = 75;
    internal const int NoPermission = 77;
    internal const int Configuration = 78;
}

/// <summary>Ends a command with a message and an exit code.</summary>
/// <param name="code">One of <see cref="ExitCode"/>.</param>
/// <param name="message">For the user; foreign bytes in it are escaped by whoever prints it.</param>
internal sealed class CommandFailure(int code, string message) : InvalidOperationException(message)
{
    /// <summary>The exit code.</summary>
    internal int Code { get; } = code;
}
