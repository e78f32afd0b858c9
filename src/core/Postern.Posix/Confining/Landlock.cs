using Postern.Posix.Files;

namespace Postern.Posix.Confining;

/// <summary>Restricts this thread, and what it starts, to files and ports that were named (landlock(7)).</summary>
/// <remarks>Threads that exist already go free: whoever means the whole process executes a program afterwards.</remarks>
public sealed unsafe class Landlock : IDisposable
{
    private const nint BeneathPath = 1;
    private const nint AskVersion = 1;
    private const int PathOnly = 0x200000;
    private const int CloseOnExec = 0x80000;

    private const LandlockRights OfFiles = LandlockRights.Execute | LandlockRights.WriteFile | LandlockRights.ReadFile | LandlockRights.Truncate;

    private readonly Descriptor _ruleset;

    private Landlock(Descriptor ruleset, LandlockRights handled) => (_ruleset, Handled) = (ruleset, handled);

    /// <summary>The rights that are refused everywhere but where a rule grants them.</summary>
    public LandlockRights Handled { get; }

    /// <summary>The version that this kernel has (its "ABI"), 1 or more; or why it has none: ENOSYS, or EOPNOTSUPP when it is switched off.</summary>
    public static CallResult Version => ConfiningCalls.Make(ConfiningCalls.CreateRuleset, 0, 0, AskVersion);

    /// <summary>Begins a set of rules.</summary>
    /// <param name="version">The kernel's version: what it does not know is left out.</param>
    /// <param name="mayConnect">True when TCP connections to other hosts are not to be refused.</param>
    /// <param name="rules">The set.</param>
    public static CallResult Begin(int version, bool mayConnect, out Landlock? rules)
    {
        var handled = FilesOf(version);
        var attributes = stackalloc ulong[3];
        attributes[0] = handled;
        attributes[1] = version < 4 ? 0UL : mayConnect ? 1UL : 3UL; // bind, connect (TCP)
        attributes[2] = version < 6 ? 0UL : 3UL; // abstract Unix sockets and signals of others
        var size = version < 4 ? 8 : version < 6 ? 16 : 24;
        var result = ConfiningCalls.Make(ConfiningCalls.CreateRuleset, (nint)attributes, size);
        rules = result.Failed ? null : new Landlock(new Descriptor(result.Value), (LandlockRights)handled);
        return result;
    }

    /// <summary>Grants rights beneath a folder, or for a file.</summary>
    /// <param name="path">The place, which must be there: links are followed now and not later.</param>
    /// <param name="rights">What may be done; those that this kernel does not know are left out.</param>
    public CallResult Grant(string path, LandlockRights rights)
    {
        CallResult opened;
        fixed (byte* name = PathBytes.Terminated(path))
        {
            opened = CallResult.From(ConfiningCalls.Open(name, PathOnly | CloseOnExec, 0));
        }

        if (opened.Failed)
        {
            return opened;
        }

        using var place = new Descriptor(opened.Value);
        return Grant(place, rights);
    }

    /// <summary>The same for a file or folder that is open.</summary>
    /// <param name="place">The place.</param>
    /// <param name="rights">What may be done; those that this kernel does not know are left out.</param>
    public CallResult Grant(Descriptor place, LandlockRights rights)
    {
        // The kernel refuses a file the rights of a folder (EINVAL); what is meant is those that a file can have.
        var granted = Add(place, rights & Handled);
        return granted.Error == Errno.InvalidArgument ? Add(place, rights & Handled & OfFiles) : granted;
    }

    /// <summary>The set's descriptor, closed on execution, for a child that restricts itself.</summary>
    public int Number => _ruleset.Number;

    /// <summary>Restricts this thread from now on; it needs "no new privileges" before.</summary>
    public CallResult Enter() => ConfiningCalls.Make(ConfiningCalls.RestrictSelf, _ruleset.Number, 0);

    /// <inheritdoc/>
    public void Dispose() => _ruleset.Dispose();

    private CallResult Add(Descriptor place, LandlockRights rights)
    {
        // struct landlock_path_beneath_attr is packed: 8 bytes of rights, 4 of a descriptor.
        var rule = stackalloc byte[12];
        *(ulong*)rule = (ulong)rights;
        *(int*)(rule + 8) = place.Number;
        return ConfiningCalls.Make(ConfiningCalls.AddRule, _ruleset.Number, BeneathPath, (nint)rule);
    }

    // All rights of a version: 13 at first, then moving (2), truncating (3), ioctl of devices (5).
    private static ulong FilesOf(int version) => version switch
    {
        1 => (1UL << 13) - 1,
        2 => (1UL << 14) - 1,
        3 or 4 => (1UL << 15) - 1,
        _ => (1UL << 16) - 1,
    };
}
