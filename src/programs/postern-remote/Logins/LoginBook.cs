using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Remote.Hops;
using Postern.Role.Logging;

namespace Postern.Remote.Logins;

/// <summary>The logins of the configuration in force, by the host that a route names.</summary>
internal sealed class LoginBook : IDisposable
{
    /// <summary>No logins.</summary>
    internal static readonly LoginBook None = new();

    private readonly Dictionary<string, HostLogin> _logins = new(StringComparer.OrdinalIgnoreCase);

    internal LoginBook(IReadOnlyList<LoginSlice> named, string authorities, TimeProvider time, EventLog log)
    {
        foreach (var each in named)
        {
            _logins[each.Host] = new HostLogin(each, authorities, time, log);
        }
    }

    private LoginBook()
    {
    }

    /// <summary>
    /// The login for a hop; null when there is none. It belongs to a host that the administrator named: never to one that a name server
    /// named, whatever it is called.
    /// </summary>
    internal HostLogin? Find(Hop hop) => hop.Kind is HopKind.Host or HopKind.TlsHost ? _logins.GetValueOrDefault(hop.Destination) : null;

    /// <summary>What is wrong with their files; null for nothing.</summary>
    internal string? Check() => _logins.Values.Select(login => login.Check()).FirstOrDefault(problem => problem is not null);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var login in _logins.Values)
        {
            login.Dispose();
        }
    }
}
