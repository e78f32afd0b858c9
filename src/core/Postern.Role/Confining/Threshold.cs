using System.Globalization;
using Postern.Ipc.Control;
using Postern.Posix.Confining;
using Postern.Posix.Polling;
using Postern.Posix.Processes;

namespace Postern.Role.Confining;

/// <summary>The first instructions of a program: it puts on what only an executed file can inherit as a whole, and executes itself.</summary>
/// <remarks>
/// Landlock and capabilities belong to a thread, and the runtime has threads of its own before any code of ours runs. So the
/// program restricts its first thread, and becomes itself again: of the new image every thread is born restricted. All of
/// this is done by the program as its own user, none of it by root.
/// </remarks>
internal static class Threshold
{
    // How the image behind the threshold knows that it is there, and what it stands behind. posternd hands on nothing
    // that was set from outside. The self-test asks the kernel; without Landlock it can't tell who refused a file or a port.
    private const string Mark = "POSTERN_WALLS";

    // A program of one user, and one thread more or less: enough for several processes of it, too little for a fork bomb.
    private const ulong MaxThreadsOfUser = 512;

    // What the runtime looks at when it starts: limits of memory, processors, its own threads.
    private static readonly string[] _readAtStart =
        ["/etc/ld.so.cache", "/proc/self", "/proc/meminfo", "/proc/stat", "/sys/fs/cgroup", "/sys/devices/system", "/dev/null", "/dev/urandom"];

    /// <summary>Comes back once the program stands behind the threshold; what it returns closes the walls there.</summary>
    internal static Confine Cross(Declaration declaration)
    {
        // Code that is compiled as it runs can't live where nothing new may be executed. Only tests start programs so, by a
        // host that says where the framework's assemblies are; a native program has none.
        if (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is not null)
        {
            return static (out breach) =>
            {
                breach = null;
                return Walls.None;
            };
        }

        if (declaration.Places is not null || declaration.SocketsOf is not null)
        {
            declaration = FromSlice(slice => Complete(declaration, slice), declaration);
        }

        var standing = Walls.None;
        string? problem = null;
        if (int.TryParse(Environment.GetEnvironmentVariable(Mark), NumberStyles.None, CultureInfo.InvariantCulture, out var behind))
        {
            standing = (Walls)behind;
        }
        else
        {
            problem = BecomeItself(declaration);
        }

        return (out breach) =>
        {
            var walls = Confinement.Enter(declaration, standing, out breach);
            breach = problem ?? breach;
            return walls;
        };
    }

    /// <summary>The declaration with what the slice asks for besides: sockets, and what is done to the files that it names.</summary>
    internal static Declaration Complete(Declaration declaration, ReadOnlySpan<byte> slice)
    {
        var (files, sockets) = (declaration.Files, declaration.Sockets);
        foreach (var place in declaration.Places?.Invoke(slice) ?? [])
        {
            files |= place.Use;
        }

        sockets |= declaration.SocketsOf?.Invoke(slice) ?? SocketUse.None;
        return declaration with { Files = files, Sockets = sockets };
    }

    /// <summary>The places that are granted. Of a slice's never the root folder, which is the home of many an account of the system: a wall around everything is none.</summary>
    internal static IReadOnlyList<Place> Granted(Declaration declaration, IReadOnlyList<Place> named) =>
        [.. declaration.FixedPlaces, .. named.Where(place => Path.GetFullPath("/" + place.Path) != "/")];

    /// <summary>Restricts this thread and executes the program once more; returns only when that failed.</summary>
    private static string BecomeItself(Declaration declaration)
    {
        OwnProcess.SetMask(0x3f);
        Limit();
        _ = OwnProcess.RefuseNewPrivileges();
        _ = Capabilities.DropAll();
        var walls = Enclose(declaration);
        var path = Environment.ProcessPath ?? "/proc/self/exe";
        string[] arguments = [Path.GetFileName(path), .. Environment.GetCommandLineArgs()[1..]];
        return $"it can't execute {path} once more: {ProcessStart.Become(path, arguments, Variables(walls))}";
    }

    private static void Limit()
    {
        _ = OwnProcess.SetLimit(OwnProcess.LimitCore, 0);
        _ = OwnProcess.FixLimit(OwnProcess.LimitOpenFiles);
        _ = OwnProcess.SetLimit(OwnProcess.LimitLockedMemory, 0);
        _ = OwnProcess.SetLimit(OwnProcess.LimitMessageQueues, 0);
        // Not of a person, whose other programs count as well.
        if (OwnProcess.User is > 0 and < PasswordFile.FirstPersonUid)
        {
            _ = OwnProcess.SetLimit(OwnProcess.LimitThreadsOfUser, MaxThreadsOfUser);
        }
    }

    /// <summary>Restricts this thread to its files, as far as this kernel can.</summary>
    private static Walls Enclose(Declaration declaration)
    {
        var version = Landlock.Version;
        var places = Granted(declaration, declaration.Places is { } placesOf ? FromSlice(slice => placesOf(slice), []) : []);
        string[] loaded = [.. LoadedFiles()];
        // Version 1 refuses every move from one folder to another: who needs that is better off without.
        if (version.Failed || loaded.Length == 0 || (version.Value < 2 && declaration.Files.HasFlag(FileUse.Move))
            || Landlock.Begin(version.Value, declaration.Sockets.HasFlag(SocketUse.Tcp), out var rules).Failed)
        {
            return Walls.None;
        }

        using (rules)
        {
            foreach (var place in places)
            {
                _ = rules!.Grant(place.Path, RightsOf(place.Use));
            }

            foreach (var path in _readAtStart)
            {
                _ = rules!.Grant(path, LandlockRights.ReadFile | LandlockRights.ReadFolder);
            }

            foreach (var path in loaded)
            {
                _ = rules!.Grant(path, LandlockRights.ReadFile | LandlockRights.Execute);
            }

            return rules!.Enter().Failed ? Walls.None
                : Walls.Files | (version.Value >= 4 ? Walls.Ports : Walls.None) | (version.Value >= 6 ? Walls.Scope : Walls.None);
        }
    }

    private static LandlockRights RightsOf(FileUse use)
    {
        var rights = use.HasFlag(FileUse.Read) ? LandlockRights.ReadFile : LandlockRights.None;
        rights |= use.HasFlag(FileUse.List) ? LandlockRights.ReadFolder : LandlockRights.None;
        rights |= use.HasFlag(FileUse.Change)
            ? LandlockRights.WriteFile | LandlockRights.Truncate | LandlockRights.MakeFile | LandlockRights.RemoveFile : LandlockRights.None;
        rights |= use.HasFlag(FileUse.MakeFolders) ? LandlockRights.MakeFolder | LandlockRights.RemoveFolder : LandlockRights.None;
        return rights | (use.HasFlag(FileUse.Move) ? LandlockRights.Move : LandlockRights.None);
    }

    /// <summary>Looks at the slice that posternd sent, which stays there for the image behind the threshold.</summary>
    private static T FromSlice<T>(Func<byte[], T> read, T otherwise)
    {
        _ = DescriptorPoll.WaitReadable([ControlPacket.Socket], new bool[1], -1);
        if (ControlPacket.Receive(ControlPacket.Socket, out var packet, out var passed, peek: true) != true)
        {
            passed?.Dispose();
            return otherwise;
        }

        using (passed)
        {
            return packet.Kind == ControlKind.Slice && passed is not null && !MemoryFile.ReadAll(passed.Number, ProgramHost.MaxSlice, out var slice).Failed
                ? read(slice) : otherwise;
        }
    }

    /// <summary>The files that this image is made of, which the next one is made of, too: program, loader, libraries (proc_pid_maps(5)).</summary>
    private static IEnumerable<string> LoadedFiles()
    {
        const string maps = "/proc/self/maps";
        return !File.Exists(maps) ? []
            : File.ReadAllLines(maps).Select(line => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at ? line[at..] : string.Empty)
                .Where(path => path.Length > 0).Distinct();
    }

    // What the stage gave, which is a fixed list, and the mark.
    private static List<string> Variables(Walls walls)
    {
        var variables = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{Mark}={(int)walls}") };
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables.Add($"{variable.Key}={variable.Value}");
        }

        return variables;
    }
}
