using System.Reflection;
using System.Runtime.InteropServices;

// By name through the loader alone: nothing is looked for beside the program.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]

namespace Postern.Tls.Native;

/// <summary>The system's OpenSSL: loaded once, before the walls, since nothing can be loaded behind them.</summary>
public static unsafe class OpenSsl
{
    // Without its configuration file, which can name code to load into the program that holds the keys; and without a handler
    // at the end of the process, which would free what other threads still use.
    private const ulong NoConfiguration = 0x80;
    private const ulong NoEndHandler = 0x80000;
    private const ulong ErrorTexts = 0x2 | 0x200000;

    private const nuint Oldest = 0x30000000;

    /// <summary>Loads it.</summary>
    /// <returns>Null, or why there is no TLS, for the administrator.</returns>
    public static string? Open()
    {
        foreach (var library in new[] { CryptoCalls.Library, SslCalls.Library })
        {
            if (!NativeLibrary.TryLoad(library, Assembly.GetExecutingAssembly(), DllImportSearchPath.System32, out _))
            {
                return $"{library} is not installed (Debian: apt-get install libssl3)";
            }
        }

        var version = CryptoCalls.VersionNumber();
        return version < Oldest ? $"OpenSSL is older than 3.0 ({version:x})"
            : SslCalls.Initialise(NoConfiguration | NoEndHandler | ErrorTexts, 0) == 1 ? null : "OpenSSL does not start";
    }

    /// <summary>The version that is loaded, as 3.0.19.</summary>
    public static string Version
    {
        get
        {
            var number = (ulong)CryptoCalls.VersionNumber();
            return $"{number >> 28}.{(number >> 20) & 0xff}.{(number >> 4) & 0xff}";
        }
    }

    /// <summary>A text of OpenSSL's own tables; empty for none.</summary>
    internal static string Text(byte* text) => text is null ? string.Empty : Marshal.PtrToStringUTF8((nint)text) ?? string.Empty;

    /// <summary>The first thing that went wrong since the errors were cleared, in OpenSSL's words; never a peer's.</summary>
    internal static string Reason => Text(CryptoCalls.ReasonOf(CryptoCalls.FirstError())) is { Length: > 0 } reason ? reason : "no reason given";
}
