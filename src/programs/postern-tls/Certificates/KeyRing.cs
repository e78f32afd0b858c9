using Postern.Loop;
using Postern.Role.Logging;

namespace Postern.Keyholder.Certificates;

/// <summary>The certificates in force; follows the files, and lets no key of tickets grow old.</summary>
/// <param name="loop">The loop.</param>
/// <param name="log">The log.</param>
internal sealed class KeyRing(EventLoop loop, EventLog log)
{
    /// <summary>How often the files are looked at: certificates are renewed weeks before their end.</summary>
    private static readonly TimeSpan _look = TimeSpan.FromHours(1);

    /// <summary>How long tickets are good for: whoever steals a key reads no recording of the day before.</summary>
    private static readonly TimeSpan _ticketLife = TimeSpan.FromHours(12);

    /// <summary>A certificate that ends so soon was not renewed when it should have been: authorities say 30 days.</summary>
    private static readonly TimeSpan _soon = TimeSpan.FromDays(14);

    private TlsSettings? _settings;
    private IdentitySet? _identities;
    private LoopTimer? _next;
    private DateTimeOffset _made;

    /// <summary>The services; null before the first success of <see cref="Follow"/>.</summary>
    internal ServiceSet? Services { get; private set; }

    private DateTimeOffset Now => loop.Time.GetUtcNow();

    /// <summary>Follows a configuration from now on. One that can't be followed leaves what was in force there.</summary>
    /// <returns>Null, or why it can't.</returns>
    internal string? Follow(TlsSettings settings)
    {
        if (Take(settings, always: true) is { } problem)
        {
            return problem;
        }

        _settings = settings;
        (_next ??= loop.CreateTimer(LookAgain)).Set(_look);
        return null;
    }

    /// <summary>Looks at the files at once: there is a new one.</summary>
    internal void LookAgain()
    {
        if (Take(_settings!, always: Now - _made >= _ticketLife) is { } problem)
        {
            Warn(problem);
        }

        _next!.Set(_look);
    }

    /// <summary>Reads the files, and puts them in force if they changed, or always.</summary>
    private string? Take(TlsSettings settings, bool always)
    {
        if (IdentitySet.Read(settings, Now, out var problem) is not { } fresh)
        {
            return problem;
        }

        if (!always && fresh.IsSameAs(_identities!))
        {
            fresh.Dispose();
            return null;
        }

        ServiceSet services;
        try
        {
            services = ServiceSet.Make(settings, fresh);
        }
        catch (InvalidOperationException refused)
        {
            fresh.Dispose();
            return refused.Message;
        }

        var isNew = _identities is not { } old || !fresh.IsSameAs(old);
        Services?.Dispose();
        _identities?.Dispose();
        (Services, _identities, _made) = (services, fresh, Now);
        Tell(settings, fresh, isNew);
        return null;
    }

    private void Tell(TlsSettings settings, IdentitySet fresh, bool isNew)
    {
        if (isNew && fresh.IsSelfSigned)
        {
            log.Warning("self-signed").Quoted("hint", settings.Issuance is null
                ? "no certificate is configured: clients can't tell this server from another"
                : "until an authority has made a certificate").Write();
        }

        foreach (var (fingerprint, until) in fresh.Each())
        {
            if (isNew)
            {
                log.Info("certificate").Word("sha256", fingerprint).Word("until", until.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)).Write();
            }

            if (until > Now && until - Now < _soon)
            {
                Warn($"the certificate {fingerprint[..16]} ends in {(until - Now).Days} days");
            }
        }

        foreach (var doubt in fresh.Doubts(Now))
        {
            Warn($"a certificate {doubt}");
        }
    }

    private void Warn(string problem) => log.Warning("certificate-problem").Quoted("reason", problem).Write();
}
