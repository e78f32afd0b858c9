using System.CommandLine;
using System.Text;
using Postern.CommandLine.Users;
using Postern.Sasl;
using Postern.Text;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern user certificate</c>: which certificates users log in with (EXTERNAL).</summary>
internal static class UserCertificateCommands
{
    /// <summary>Builds the command with those below it.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation)
    {
        var name = new Argument<string>("NAME") { Description = "The account: an address of ours." };
        var which = new Argument<string>("CERTIFICATE") { Description = "A file (PEM) with the user's certificate, or its SHA-256 in hexadecimal digits." };
        var add = new Command("add", "Let a user log in by a certificate.") { name, which };
        var remove = new Command("remove", "Take a certificate back.") { name, which };
        var list = new Command("list", "List the certificates, with the SHA-256 of each.");
        add.SetAction(parsed => Change(
            invocation, parsed.GetValue(options.Configuration)!, certificates => Add(certificates, UserCommands.NameOf(parsed.GetValue(name)!), FingerprintOf(parsed.GetValue(which)!))));
        remove.SetAction(parsed => Change(
            invocation, parsed.GetValue(options.Configuration)!, certificates => Remove(certificates, UserCommands.NameOf(parsed.GetValue(name)!), FingerprintOf(parsed.GetValue(which)!))));
        list.SetAction(parsed => List(invocation, parsed.GetValue(options.Configuration)!));
        return new Command("certificate", "Manage which certificates users log in with.") { add, remove, list };
    }

    private static int Change(Invocation invocation, string file, Action<List<UserCertificate>> change)
    {
        using var folder = AccountFolder.Open(invocation.Load(file)).Lock();
        var certificates = folder.ReadCertificates();
        change(certificates);
        folder.Write(certificates);
        return ExitCode.Success;
    }

    private static void Add(List<UserCertificate> certificates, string name, string fingerprint)
    {
        if (certificates.Find(certificate => certificate.Fingerprint == fingerprint) is { } taken)
        {
            throw new CommandFailure(ExitCode.BadData, $"that certificate is {EscapedText.Of(Encoding.UTF8.GetBytes(taken.Name))}'s already");
        }

        certificates.Add(new UserCertificate(name, fingerprint));
    }

    private static void Remove(List<UserCertificate> certificates, string name, string fingerprint)
    {
        if (!certificates.Remove(new UserCertificate(name, fingerprint)))
        {
            throw new CommandFailure(ExitCode.NoUser, $"{EscapedText.Of(Encoding.UTF8.GetBytes(name))} has no certificate {fingerprint}");
        }
    }

    private static int List(Invocation invocation, string file)
    {
        using var folder = AccountFolder.Open(invocation.Load(file));
        var certificates = folder.ReadCertificates();
        if (invocation.Screen.Json)
        {
            invocation.Screen.WriteJson(writer =>
            {
                writer.WriteStartArray();
                foreach (var certificate in certificates)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", certificate.Name);
                    writer.WriteString("sha256", certificate.Fingerprint);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return ExitCode.Success;
        }

        foreach (var (name, fingerprint) in certificates)
        {
            invocation.Screen.Line($"{EscapedText.Of(Encoding.UTF8.GetBytes(name))}  {fingerprint}");
        }

        return ExitCode.Success;
    }

    private static string FingerprintOf(string which)
    {
        if (CertificateFingerprint.TryParse(which, out var fingerprint))
        {
            return fingerprint;
        }

        try
        {
            using var file = new FileStream(which, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var text = new byte[CertificateFingerprint.MaxFile];
            var length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return CertificateFingerprint.TryRead(text.AsSpan(0, length), out var found, out var reason) ? found
                : throw new CommandFailure(ExitCode.BadData, $"{which}: {reason}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.NoInput, $"{which} can't be read, and is no SHA-256 in hexadecimal digits either");
        }
    }
}
