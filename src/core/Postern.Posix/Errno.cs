using System.Runtime.InteropServices;

namespace Postern.Posix;

/// <summary>The error numbers of Linux that the programs tell apart.</summary>
public static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoProcess = 3;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int BadDescriptor = 9;
    public const int NoChild = 10;
    public const int Again = 11;
    public const int NoMemory = 12;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int InvalidArgument = 22;
    public const int TooManyOpenSystem = 23;
    public const int TooManyOpen = 24;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int BrokenPipe = 32;
    public const int NoSystemCall = 38;
    public const int Loop = 40;
    public const int AddressInUse = 98;
    public const int AddressNotAvailable = 99;
    public const int NetworkUnreachable = 101;
    public const int ConnectionAborted = 103;
    public const int ConnectionReset = 104;
    public const int NoBuffers = 105;
    public const int TimedOut = 110;
    public const int ConnectionRefused = 111;
    public const int HostUnreachable = 113;
    public const int InProgress = 115;
    public const int QuotaExceeded = 122;

    /// <summary>Names an error in the C library's words, for logs and messages.</summary>
    /// <param name="number">An errno value.</param>
    /// <returns>A short English phrase: the programs never ask for another language.</returns>
    public static string Describe(int number) => Marshal.GetPInvokeErrorMessage(number);
}
