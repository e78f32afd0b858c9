namespace Postern.Posix.Files;

/// <summary>What a call on a file returned: a value of zero or more, or an error number.</summary>
public readonly record struct FileResult
{
    private readonly long _raw;

    private FileResult(long raw) => _raw = raw;

    /// <summary>The call's value (bytes moved, bytes free); 0 for calls that have none and after a failure.</summary>
    public long Value => Math.Max(_raw, 0);

    /// <summary>True when the call succeeded.</summary>
    public bool Ok => _raw >= 0;

    /// <summary>The errno of a failed call, else 0: for messages and for telling kinds apart.</summary>
    public int Error => _raw < 0 ? (int)-_raw : 0;

    /// <summary>The kind of failure.</summary>
    public FileFault Fault => _raw >= 0 ? FileFault.None : Error switch
    {
        FileCalls.Errno.NoEntry => FileFault.NotFound,
        FileCalls.Errno.Exists or FileCalls.Errno.NotEmpty => FileFault.Exists,
        FileCalls.Errno.NoSpace or FileCalls.Errno.QuotaExceeded or FileCalls.Errno.TooBig => FileFault.NoSpace,
        FileCalls.Errno.Again => FileFault.Busy,
        FileCalls.Errno.NotPermitted or FileCalls.Errno.AccessDenied => FileFault.Denied,
        FileCalls.Errno.Loop or FileCalls.Errno.CrossDevice or FileCalls.Errno.NotDirectory
            or FileCalls.Errno.IsDirectory => FileFault.NotBeneath,
        FileCalls.Errno.InvalidArgument or FileCalls.Errno.NameTooLong => FileFault.BadName,
        _ => FileFault.Other,
    };

    /// <summary>A success with the given value.</summary>
    public static FileResult Of(long value) => new(value);

    /// <summary>A failure with the given errno.</summary>
    public static FileResult Failure(int error) => new(-(long)error);

    /// <inheritdoc/>
    public override string ToString() => Ok ? $"{_raw}" : $"{Fault} (error {Error})";
}

/// <summary>The kinds of failure that callers decide by.</summary>
public enum FileFault
{
    /// <summary>No failure.</summary>
    None,

    /// <summary>Nothing has that name.</summary>
    NotFound,

    /// <summary>Something has that name already, or the directory is not empty.</summary>
    Exists,

    /// <summary>The disk, the quota or the permitted file size is used up.</summary>
    NoSpace,

    /// <summary>Another holds the lock.</summary>
    Busy,

    /// <summary>The rights do not suffice.</summary>
    Denied,

    /// <summary>The path leaves its directory, leads through a link, or is not what it should be.</summary>
    NotBeneath,

    /// <summary>The name is empty, too long, or has a NUL in it.</summary>
    BadName,

    /// <summary>Anything else: the device, the file system, the limits of the process.</summary>
    Other,
}
