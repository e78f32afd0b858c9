using Postern.Config.Errors;
using Postern.Config.Values;
using Postern.Ipc.Slices;
using Postern.Text;

namespace Postern.Config.Sections;

/// <summary>[[listen]]: addresses, and what is spoken there.</summary>
internal static class ListenSection
{
    private const ushort SmtpPort = 25;

    /// <summary>More than any host has addresses and services for; one place is left for acme.</summary>
    private const int MaxListeners = SupervisorSlice.MaxListeners - 1;

    /// <summary>Where mail is taken unless the file says so: reachable from this host only, no privilege needed.</summary>
    private static readonly ListeningAddress Default = new(IpAddress.Loopback4, 2525, ServiceKind.Smtp);

    /// <summary>Reads all of them.</summary>
    internal static IReadOnlyList<ListeningAddress> Read(SectionReader root, bool hasTls)
    {
        if (root.Sections("listen") is not { } sections)
        {
            return [Default];
        }

        if (sections.Count > MaxListeners)
        {
            root.Errors.Add(root.PlaceOf("listen"), $"there may be {MaxListeners} listening addresses at most");
        }

        var listeners = new List<ListeningAddress>();
        foreach (var section in sections.Take(MaxListeners))
        {
            if (ReadOne(section, hasTls) is { } listener && IsFree(new IpPlace(listener.Address, listener.Port), listeners, section, "address"))
            {
                listeners.Add(listener);
            }
        }

        return listeners;
    }

    private static ListeningAddress? ReadOne(SectionReader section, bool hasTls)
    {
        var service = Service(section, hasTls);
        if (!section.Has("address"))
        {
            section.Errors.Add(section.Place, "address is missing in [[listen]], as in address = \"127.0.0.1:2525\"");
        }

        if (ReadAddress(section, "address") is not { } place)
        {
            return null;
        }

        // RFC 2033 §5: LMTP must not be spoken on port 25, where a client may expect a queue.
        if (service == ServiceKind.Lmtp && place.Port == SmtpPort)
        {
            section.Errors.Add(section.PlaceOf("address"), "lmtp must not be served on port 25 (RFC 2033)");
        }

        return new ListeningAddress(place.Address, place.Port, service);
    }

    /// <summary>Takes an address and a port to listen on; null when there is none or it is wrong.</summary>
    internal static IpPlace? ReadAddress(SectionReader section, string key)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (!HostPort.TryRead(text.Text, out var split) || split.Port is null)
        {
            section.Errors.Add(text.Place, $"{key} must be an IP address and a port from 1 to 65535, as in \"192.0.2.1:25\" or \"[::]:25\","
                + $" not {Printable.Quote(text.Text)}");
            return null;
        }

        // A name would be looked up once, at a moment that nobody chose, and stand for several addresses.
        if (!IpAddress.TryParse(split.Host, out var address) || split.Bracketed != split.Host.Contains(':', StringComparison.Ordinal))
        {
            section.Errors.Add(text.Place, split.NeedlessBrackets ?? $"{Printable.Quote(split.Host)} is not an IP address; names are not looked up here"
                + (split.Host == "localhost" ? ": write \"127.0.0.1\" or \"[::1]\"" : string.Empty));
            return null;
        }

        return new IpPlace(address, split.Port.Value);
    }

    private static ServiceKind Service(SectionReader section, bool hasTls)
    {
        if (section.Text("service") is not { } text)
        {
            return ServiceKind.Smtp;
        }

        ServiceKind? service = text.Text switch
        {
            "smtp" => ServiceKind.Smtp,
            "submission" => ServiceKind.Submission,
            "submissions" => ServiceKind.Submissions,
            "lmtp" => ServiceKind.Lmtp,
            _ => null,
        };
        if (service is null)
        {
            section.Errors.Add(text.Place, $"service must be \"smtp\", \"submission\", \"submissions\" or \"lmtp\", not {Printable.Quote(text.Text)}");
            return ServiceKind.Smtp;
        }

        if (service is ServiceKind.Submission or ServiceKind.Submissions && !hasTls)
        {
            // Passwords must never cross a network in the clear (RFC 8314 §3).
            section.Errors.Add(text.Place, $"{text.Text} needs TLS, and [tls] enabled is false");
        }

        return service.Value;
    }

    /// <summary>False when the kernel would refuse the address because of an earlier one.</summary>
    internal static bool IsFree(IpPlace listener, IReadOnlyList<ListeningAddress> earlier, SectionReader section, string key)
    {
        if (earlier.FirstOrDefault(other => other.Port == listener.Port && (Covers(other.Address, listener.Address) || Covers(listener.Address, other.Address))) is not { } clash)
        {
            return true;
        }

        var message = clash.Address == listener.Address
            ? "this address stands here again"
            : $"this address and \"{Written(clash)}\" overlap: one of them is every address of the host";
        section.Errors.Add(section.PlaceOf(key), message);
        return false;
    }

    /// <summary>True when an address is the other, or the wildcard of its family; [::] takes IPv4 as well.</summary>
    private static bool Covers(IpAddress wide, IpAddress narrow) => wide == narrow || IsEveryAddress(wide) && (!wide.IsIPv4 || narrow.IsIPv4);

    private static string Written(ListeningAddress listener) =>
        listener.Address.IsIPv4 ? $"{listener.Address}:{listener.Port}" : $"[{listener.Address}]:{listener.Port}";

    /// <summary>True for 0.0.0.0 and [::].</summary>
    internal static bool IsEveryAddress(IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[IpAddress.Size];
        address.CopyTo(bytes);
        return !bytes[(address.IsIPv4 ? 12 : 0)..].ContainsAnyExcept((byte)0);
    }
}
