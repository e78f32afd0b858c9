using System.Runtime.InteropServices;

namespace Postern.Posix;

/// <summary>What a system call returned: a value of zero or more, or an error number.</summary>
/// <remarks>Errors of the world are values here; nothing in Postern.Posix throws for them.</remarks>
public readonly struct CallResult
{
    private readonly int _raw;

    private CallResult(int raw) => _raw = raw;

    /// <summary>The call's value (a count, a descriptor, a process id); meaningless after a failure.</summary>
    public int Value => _raw;

    /// <summary>True when the call failed.</summary>
    public bool Failed => _raw < 0;

    /// <summary>The errno of a failed call, else 0.</summary>
    public int Error => _raw < 0 ? -_raw : 0;

    /// <summary>True when the call would have had to wait.</summary>
    public bool WouldBlock => _raw == -Errno.Again;

    /// <summary>A success with the given value.</summary>
    public static CallResult Of(int value) => new(value);

    /// <summary>A failure with the given errno.</summary>
    public static CallResult Failure(int errno) => new(-errno);

    /// <summary>Judges a return value of libc, taking errno when it is negative.</summary>
    internal static CallResult From(long returned)
    {
        if (returned >= 0)
        {
            return new CallResult((int)returned);
        }

        var errno = Marshal.GetLastPInvokeError();
        // A failure without a number must stay a failure.
        return new CallResult(errno > 0 ? -errno : -Errno.InputOutput);
    }

    /// <inheritdoc/>
    public override string ToString() => Failed ? Errno.Describe(Error) : _raw.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
