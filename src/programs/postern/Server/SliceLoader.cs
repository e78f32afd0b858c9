using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;
using Postern.Text;

namespace Postern.CommandLine.Server;

/// <summary>Has postern-config read a configuration file, as posternd does: no TOML is parsed here.</summary>
internal static class SliceLoader
{
    // Larger than any list of mailboxes that a person keeps in a file. postern-config writes one slice per program to the descriptors from 3 up, in the order of their numbers.
    private const int MaxSlice = 64 * 1024 * 1024;

    /// <summary>Reads what every command needs; also out of a wrong file, as a server that runs goes by an older one and must be reached.</summary>
    /// <exception cref="CommandFailure">78 for a file that leaves in doubt which server it is, 66 or 77 for one that can't be opened.</exception>
    internal static ServerSettings LoadSettings(string file)
    {
        var slices = Load(file, lenient: true, out var isRight);
        return Settings(slices) with { IsFileRight = isRight };
    }

    /// <summary>Reads all slices of a configuration, which must be right.</summary>
    /// <returns>The slice of each program.</returns>
    /// <exception cref="CommandFailure">78 for a wrong configuration, 66 or 77 for a file that can't be opened.</exception>
    internal static IReadOnlyDictionary<ProgramName, byte[]> Load(string file) => Load(file, lenient: false, out _);

    private static Dictionary<ProgramName, byte[]> Load(string file, bool lenient, out bool isRight)
    {
        using var input = Open(file);
        var files = new List<Descriptor>();
        try
        {
            for (var program = ProgramName.Posternd; program <= ProgramName.Acme; program++)
            {
                files.Add(MemoryFile.Create(out var slice).Failed
                    ? throw new CommandFailure(ExitCode.SystemError, "no memory file for the configuration")
                    : slice!);
            }

            int[] descriptors = [input.Number, -1, -1, .. files.Select(slice => slice.Number)];
            var code = ConfigProcess.Run(lenient ? ["--lenient", file] : [file], descriptors);
            isRight = code == ExitCode.Success;
            var slices = files.Select(Content).ToDictionary();
            return isRight || (lenient && code == ExitCode.Configuration && slices.Values.All(slice => slice.Length > 0))
                ? slices : throw new CommandFailure(code, $"{file}: not usable");
        }
        finally
        {
            files.ForEach(slice => slice.Dispose());
        }
    }

    /// <summary>Opens a configuration file.</summary>
    internal static Descriptor Open(string file)
    {
        var opened = ReadOnlyFile.Open(file, out var input);
        return !opened.Failed ? input! : throw new CommandFailure(
            opened.Error == Errno.AccessDenied ? ExitCode.NoPermission : ExitCode.NoInput, $"{file}: {opened}");
    }

    /// <summary>Picks what commands need out of the slices.</summary>
    internal static ServerSettings Settings(IReadOnlyDictionary<ProgramName, byte[]> slices)
    {
        var own = new SliceReader(slices[ProgramName.Posternd]);
        var queue = new SliceReader(slices[ProgramName.Queue]);
        if (!own.TryNext(out var type, out var reader) || type != SupervisorSlice.Type
            || !SupervisorSlice.TryRead(ref reader, out var supervisor)
            || !queue.TryNext(out type, out reader) || type != QueueSlice.Type || !QueueSlice.TryRead(ref reader, out var head)
            || !DomainName.TryParse(head.HostName, out var host))
        {
            throw new CommandFailure(ExitCode.Software, "postern-config wrote slices that are none");
        }

        return new ServerSettings
        {
            State = supervisor.State,
            HostName = host,
            MailDomain = FirstServed(slices[ProgramName.Queue], host),
            MessageSize = head.MessageSize,
            SmtpListener = FindSmtp(slices[ProgramName.Smtpd]),
        };
    }

    /// <summary>Where mail goes, by the queue's slice.</summary>
    internal static Routing Routing(ReadOnlySpan<byte> queue, DomainName host)
    {
        var frames = new SliceReader(queue);
        _ = frames.TryNext(out _, out _); // Its head, which is about other things.
        return Postern.Ipc.Delivery.Routing.Read(ref frames, host.ToString()) ?? throw new CommandFailure(ExitCode.Software, "postern-config wrote slices that are none");
    }

    // The domains come in the order of the file.
    private static DomainName FirstServed(ReadOnlySpan<byte> queue, DomainName host)
    {
        var frames = new SliceReader(queue);
        _ = frames.TryNext(out _, out _);
        return frames.TryNext(out var type, out var reader) && type == DomainSlice.Type && DomainSlice.TryRead(ref reader, out var first)
            && DomainName.TryParse(first.Domain, out var domain) && Routing(queue, host).HopFor(domain.Text) == NextHop.Local ? domain : host;
    }

    private static SocketAddress? FindSmtp(byte[] slice)
    {
        var frames = new SliceReader(slice);
        while (frames.TryNext(out var type, out var reader))
        {
            if (type == ListenerSlice.Type && ListenerSlice.TryRead(ref reader, out var listener)
                && listener.Service == ServiceKind.Smtp && listener.Address.Length == IpAddress.Size)
            {
                var address = IpAddress.FromBytes(listener.Address);
                return SocketAddress.Inet(IsAny(address) ? IpAddress.Loopback4 : address, listener.Port);
            }
        }

        return null;
    }

    /// <summary>True for :: and 0.0.0.0, which say "every address" to a listener and nothing to a client.</summary>
    private static bool IsAny(IpAddress address) => address == default || address == IpAddress.FromBytes([0, 0, 0, 0]);

    private static KeyValuePair<ProgramName, byte[]> Content(Descriptor slice, int index) =>
        !MemoryFile.ReadAll(slice.Number, MaxSlice, out var content).Failed
            ? new KeyValuePair<ProgramName, byte[]>((ProgramName)(index + 1), content)
            : throw new CommandFailure(ExitCode.Software, "a slice of the configuration can't be read");
}
