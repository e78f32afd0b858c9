using Postern.Posix.Files;
using Postern.Role.Logging;
using Postern.Sasl;
using Postern.Text;

namespace Postern.Auth.Store;

/// <summary>Who may log in, who tried, and how often it may be tried.</summary>
internal sealed class LoginBook : IDisposable
{
    private readonly DirectoryHandle _folder;
    private readonly AccountStore _accounts;
    private readonly AttemptFile _failures;
    private readonly AttemptFile _logins;
    private readonly KnownNetworks _known = new();
    private readonly TimeProvider _time;
    private readonly EventLog _log;

    private LoginBook(DirectoryHandle folder, TimeProvider time, EventLog log)
    {
        (_folder, _time, _log) = (folder, time, log);
        _accounts = new AccountStore(folder, log);
        Certificates = new CertificateStore(folder, log);
        _failures = new AttemptFile(folder, log, HistoryFiles.Failures, leavesRemains: false);
        _logins = new AttemptFile(folder, log, HistoryFiles.Logins, leavesRemains: true);
        Limits = new GuessLimits(time);
    }

    /// <summary>How often it may be tried.</summary>
    internal GuessLimits Limits { get; }

    /// <summary>The accounts; null when they can't be read, and never could.</summary>
    internal AccountTable? Accounts => _accounts.Current;

    /// <summary>Whose certificates are whose.</summary>
    internal CertificateStore Certificates { get; }

    /// <summary>Hears of the first login of an account from a place, but for the very first.</summary>
    internal Action<LoginRecord>? NewPlace { get; set; }

    /// <summary>Opens a folder, and takes from the logins that are kept where accounts were logged in from.</summary>
    internal static LoginBook Open(DirectoryHandle folder, TimeProvider time, EventLog log)
    {
        var book = new LoginBook(folder, time, log);
        _ = (book.Accounts, book.Certificates.CanBeRead);
        foreach (var attempt in book._logins.ReadAll())
        {
            _ = book._known.Add(attempt.Name, new ClientNetwork(attempt.Address), attempt.Time);
        }

        return book;
    }

    /// <summary>True when the account was logged in from there before.</summary>
    internal bool IsKnown(string account, ClientNetwork network) => _known.Has(account, network, _time.GetUtcNow());

    /// <summary>True when somebody logged in by that name before: it is an account's, whoever keeps the accounts.</summary>
    internal bool HasLoggedIn(string account) => _known.Has(account);

    /// <summary>Keeps an attempt.</summary>
    internal void Add(LoginRecord attempt)
    {
        var isLogin = attempt.Outcome == LoginOutcome.LoggedIn;
        var isNew = isLogin && _known.Add(attempt.Name, new ClientNetwork(attempt.Address), attempt.Time);
        (isLogin ? _logins : _failures).Add(attempt with { IsNewPlace = isNew });
        var line = isLogin ? _log.Info("logged-in") : _log.Info("login-failed").Word("outcome", attempt.Outcome.ToString());
        line.Word("client", attempt.Address.ToString()).Word("service", attempt.Service).Word("mechanism", SaslMechanismNames.Of(attempt.Mechanism))
            .Quoted("user", attempt.Name).Quoted("detail", attempt.Detail).Word("network", isNew ? "new" : "-").Write();
        if (isNew)
        {
            _log.Warning("login-new-network").Quoted("user", attempt.Name).Word("client", attempt.Address.ToString()).Word("mechanism", SaslMechanismNames.Of(attempt.Mechanism)).Write();
            NewPlace?.Invoke(attempt);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _failures.Dispose();
        _logins.Dispose();
        _folder.Dispose();
    }
}
