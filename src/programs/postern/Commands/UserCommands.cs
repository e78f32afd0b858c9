using System.CommandLine;
using System.Globalization;
using System.Text;
using Postern.CommandLine.Output;
using Postern.CommandLine.Users;
using Postern.Posix;
using Postern.Sasl;
using Postern.Text;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern user</c>: who may log in to hand mail in.</summary>
internal static class UserCommands
{
    private const int UsualLogins = 20;

    /// <summary>Builds the command with those below it.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation)
    {
        var name = new Argument<string>("NAME") { Description = "The account: an address of ours." };
        var app = new Option<string>("--app") { Description = "An app password of this label, for one device or program." };
        var limit = new Option<int>("--limit") { Description = "How many at most.", DefaultValueFactory = _ => UsualLogins };
        var add = new Command("add", "Make an account; the password is asked for, or read from standard input.") { name };
        var passwd = new Command("passwd", "Set the password of an account, or with --app make an app password, which is shown once.") { name, app };
        var remove = new Command("remove", "Remove an account, or with --app one of its app passwords.") { name, app };
        var list = new Command("list", "List the accounts with their app passwords.");
        var logins = new Command("logins", "List the last attempts to log in to an account, the latest first.") { name, limit };
        add.SetAction(parsed => Change(invocation, parsed.GetValue(options.Configuration)!, accounts => Add(invocation, accounts, NameOf(parsed.GetValue(name)!))));
        passwd.SetAction(parsed => Change(
            invocation, parsed.GetValue(options.Configuration)!, accounts => SetPassword(invocation, accounts, NameOf(parsed.GetValue(name)!), parsed.GetValue(app))));
        remove.SetAction(parsed => Remove(invocation, parsed.GetValue(options.Configuration)!, NameOf(parsed.GetValue(name)!), parsed.GetValue(app)));
        list.SetAction(parsed => List(invocation, parsed.GetValue(options.Configuration)!));
        logins.SetAction(parsed => Logins(invocation, parsed.GetValue(options.Configuration)!, NameOf(parsed.GetValue(name)!), parsed.GetValue(limit)));
        return new Command("user", "Manage who may log in.") { add, passwd, remove, list, logins, UserCertificateCommands.Build(options, invocation) };
    }

    private static int Change(Invocation invocation, string file, Action<List<Account>> change)
    {
        using var folder = AccountFolder.Open(invocation.Load(file)).Lock();
        var accounts = folder.Read();
        change(accounts);
        folder.Write(accounts);
        return ExitCode.Success;
    }

    private static void Add(Invocation invocation, List<Account> accounts, string name)
    {
        if (accounts.Exists(account => account.Name == name))
        {
            throw new CommandFailure(ExitCode.BadData, $"{name} is there already (postern user passwd sets its password)");
        }

        var salt = ScramSalt.Create(RandomBytes.Take(ScramSalt.SaltLength));
        accounts.Add(new Account(name, salt, [new AccountPassword(string.Empty, ScramVerifier.Create(salt, invocation.Passwords.Read()))]));
    }

    private static void SetPassword(Invocation invocation, List<Account> accounts, string name, string? label)
    {
        var account = Find(accounts, name);
        if (label is null)
        {
            Put(accounts, account, string.Empty, invocation.Passwords.Read());
            return;
        }

        if (!AccountFile.IsLabel(Encoding.UTF8.GetBytes(label)))
        {
            throw new CommandFailure(ExitCode.Usage, $"a label has 1 to {AccountFile.MaxLabel} printable characters of ASCII, no space at its ends, and is not \"-\"");
        }

        if (account.Passwords.Any(password => password.Label == label))
        {
            throw new CommandFailure(ExitCode.BadData, $"{name} has an app password {label} already: remove it first");
        }

        var made = PasswordSource.Generate();
        Put(accounts, account, label, made);
        Tell(invocation.Screen, name, label, Encoding.ASCII.GetString(made));
    }

    private static int Remove(Invocation invocation, string file, string name, string? label)
    {
        using var folder = AccountFolder.Open(invocation.Load(file)).Lock();
        var accounts = folder.Read();
        var certificates = folder.ReadCertificates();
        if (label is not null || !certificates.Exists(certificate => certificate.Name == name) || accounts.Exists(account => account.Name == name))
        {
            Remove(accounts, name, label);
            folder.Write(accounts);
        }

        // Whoever is removed logs in by no other means either.
        if (label is null && certificates.RemoveAll(certificate => certificate.Name == name) > 0)
        {
            folder.Write(certificates);
        }

        return ExitCode.Success;
    }

    private static void Remove(List<Account> accounts, string name, string? label)
    {
        var account = Find(accounts, name);
        accounts.Remove(account);
        if (label is null)
        {
            return;
        }

        if (!account.Passwords.Any(password => password.Label == label) || label.Length == 0)
        {
            throw new CommandFailure(ExitCode.NoUser, $"{name} has no app password {label}");
        }

        accounts.Add(account with { Passwords = [.. account.Passwords.Where(password => password.Label != label)] });
    }

    private static int List(Invocation invocation, string file)
    {
        using var folder = AccountFolder.Open(invocation.Load(file));
        var accounts = folder.Read();
        if (invocation.Screen.Json)
        {
            invocation.Screen.WriteJson(writer =>
            {
                writer.WriteStartArray();
                foreach (var account in accounts)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", account.Name);
                    writer.WriteStartArray("apps");
                    foreach (var label in Labels(account)) writer.WriteStringValue(label);
                    writer.WriteEndArray();
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return ExitCode.Success;
        }

        foreach (var account in accounts)
        {
            invocation.Screen.Line(Labels(account) is { Count: > 0 } labels ? $"{EscapedText.Of(Encoding.UTF8.GetBytes(account.Name))}  apps: {string.Join(", ", labels)}" : EscapedText.Of(Encoding.UTF8.GetBytes(account.Name)));
        }

        return ExitCode.Success;
    }

    private static int Logins(Invocation invocation, string file, string name, int limit)
    {
        using var folder = AccountFolder.Open(invocation.Load(file));
        var last = folder.Attempts().Where(attempt => attempt.Name == name).Reverse().Take(Math.Max(limit, 0)).ToList();
        if (invocation.Screen.Json)
        {
            invocation.Screen.WriteJson(writer =>
            {
                writer.WriteStartArray();
                foreach (var attempt in last)
                {
                    writer.WriteStartObject();
                    writer.WriteString("time", attempt.Time);
                    writer.WriteString("outcome", LoginRecord.NameOf(attempt.Outcome));
                    writer.WriteString("service", attempt.Service);
                    writer.WriteString("mechanism", SaslMechanismNames.Of(attempt.Mechanism));
                    writer.WriteString("address", attempt.Address.ToString());
                    writer.WriteString("detail", attempt.Detail);
                    writer.WriteBoolean("new_network", attempt.IsNewPlace);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return ExitCode.Success;
        }

        foreach (var attempt in last)
        {
            var time = attempt.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            invocation.Screen.Line($"{time} UTC  {LoginRecord.NameOf(attempt.Outcome),-14}  {attempt.Service,-11}  {SaslMechanismNames.Of(attempt.Mechanism),-18}  {attempt.Address}  {attempt.Detail}".TrimEnd() + (attempt.IsNewPlace ? "  (new network)" : string.Empty));
        }

        return ExitCode.Success;
    }

    private static IReadOnlyList<string> Labels(Account account) => [.. account.Passwords.Select(password => password.Label).Where(label => label.Length > 0)];

    private static void Put(List<Account> accounts, Account account, string label, byte[] password)
    {
        accounts.Remove(account);
        var others = account.Passwords.Where(other => other.Label != label);
        accounts.Add(account with { Passwords = [.. others, new AccountPassword(label, ScramVerifier.Create(account.Salt, password))] });
    }

    private static void Tell(Screen screen, string name, string label, string password)
    {
        if (screen.Json)
        {
            screen.WriteJson(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                writer.WriteString("app", label);
                writer.WriteString("password", password);
                writer.WriteEndObject();
            });
            return;
        }

        screen.Line($"The password for {label} is: {password}");
    }

    private static Account Find(List<Account> accounts, string name) =>
        accounts.Find(account => account.Name == name) ?? throw new CommandFailure(ExitCode.NoUser, $"{name} has no account");

    internal static string NameOf(string text) => AccountName.TryParse(Encoding.UTF8.GetBytes(text), out var name) ? name
        : throw new CommandFailure(ExitCode.Usage, $"{EscapedText.Of(Encoding.UTF8.GetBytes(text))} can be no name: it takes 1 to {AccountName.MaxLength} bytes without spaces");
}
