namespace Postern.Smtpd.Sessions;

/// <summary>What a client has done so far that a session tolerates only so often.</summary>
internal struct SessionTally
{
    /// <summary>Commands that are wrong in themselves. Postfix gives up after 20 (smtpd_hard_error_limit), chasquid after 3.</summary>
    internal const int MaxErrors = 10;

    /// <summary>Commands that lead nowhere, between two accepted messages: Postfix's smtpd_junk_command_limit.</summary>
    internal const int MaxHarmless = 100;

    /// <summary>Recipients refused: who tries names does not learn more of them here. Exempt are trusted clients, whose users
    /// have old address books.</summary>
    internal const int MaxRefusedRecipients = 10;

    /// <summary>Messages begun by a client that is not trusted; arbitrary: who has more may connect again.</summary>
    internal const int MaxTransactions = 1000;

    /// <summary>Replies that put the client off, between two accepted messages: Postfix's smtpd_recipient_overshoot_limit, beyond which
    /// one recipient too many is an error there. Exempt are trusted clients, who may hand in long lists.</summary>
    internal const int MaxPutOff = 1000;

    /// <summary>Attempts to log in that failed; who needs more may connect again, and the limits of guessing count on.</summary>
    internal const int MaxFailedLogins = 3;

    private int _errors;
    private int _failedLogins;
    private int _harmless;
    private int _putOff;
    private int _refusedRecipients;
    private int _transactions;

    /// <summary>Counts a wrong command; true when it was one too many.</summary>
    internal bool AddError() => ++_errors >= MaxErrors;

    /// <summary>Counts a command without progress; true when it was one too many.</summary>
    internal bool AddHarmless() => ++_harmless >= MaxHarmless;

    /// <summary>Counts a reply that put the client off; true when it was one too many.</summary>
    internal bool AddPutOff() => ++_putOff >= MaxPutOff;

    /// <summary>Counts a refused recipient; true when it was one too many.</summary>
    internal bool AddRefusedRecipient() => ++_refusedRecipients >= MaxRefusedRecipients;

    /// <summary>Counts an attempt to log in that failed; true when it was one too many.</summary>
    internal bool AddFailedLogin() => ++_failedLogins >= MaxFailedLogins;

    /// <summary>Counts a message; true when it is one too many.</summary>
    internal bool AddTransaction() => ++_transactions > MaxTransactions;

    /// <summary>A message was accepted: that is progress.</summary>
    internal void Accepted() => _harmless = _putOff = 0;
}
