using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Postern.Sasl.Tests;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>
/// Where secrets are while users log in: what is kept of passwords and the key of a certificate with one program each and never with the one
/// that strangers talk to (C15, D16), and nothing that was said to log in where others could find it (M7).
/// </summary>
public sealed class SecretReachTests : IDisposable
{
    private const string Password = "correct horse";
    private const string WrongPassword = "battery staple";

    private readonly Scratch _keys = new();
    private readonly TlsSite _site;
    private readonly List<SmtpOverTls> _clients = [];

    // What the clients said to log in: in the forms that went over the wire, and in those that they stand for.
    private readonly List<string> _said = [Password, WrongPassword];

    public SecretReachTests()
    {
        Requirement.Root("nobody else may read the memory of the programs");
        _keys.Write("keys.json", TokenIssuer.Keys);
        _site = new TlsSite("client_certificates = true\n" + Samples.LinesForAcme()) { Top = "trusted = [\"192.0.2.1\"]", More = TokenIssuer.Section(_keys["keys.json"]) };
        _site.Make("alice", "alice.example");
        _site.Server.Postern(["user", "add", "alice@example.org"], Password + "\n").MustSucceed();
        _site.Server.Postern(["user", "certificate", "add", "alice@example.org", _site.Fingerprint("alice")]).MustSucceed();
    }

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        _site.Dispose();
        _keys.Dispose();
    }

    [Fact]
    public void WhileUsersLogIn_SmtpdHasNoSecrets()
    {
        LogInEveryWay();
        var (key, kept) = (TracesOfTheKey(), TracesOfThePassword());
        var server = _site.Server;
        Assert.False(ProcessMemory.Has(server.PidOf("smtpd")!.Value, [.. key, .. kept]));
        // Each secret is where it belongs, would be found there, and is nowhere else.
        Assert.True(ProcessMemory.Has(server.PidOf("tls")!.Value, key));
        Assert.All(kept[..2], trace => Assert.True(ProcessMemory.Has(server.PidOf("auth")!.Value, trace)));
        foreach (var program in StandingProgram.All.Select(program => program.ShortName).Except(["smtpd"]))
        {
            var pid = server.PidOf(program)!.Value;
            Assert.True(program == "auth" || !ProcessMemory.Has(pid, kept), program);
            Assert.True(program == "tls" || !ProcessMemory.Has(pid, key), program);
            // These carry what is said, or judge it: nobody else has heard a word.
            Assert.True(program is "tls" or "auth" || !ProcessMemory.Has(pid, [.. _said.Select(Encoding.UTF8.GetBytes)]), program);
        }
    }

    [Fact]
    public void WhileUsersLogIn_NoSecretIsLoggedOrWrittenOrOnACommandLine()
    {
        LogInEveryWay();
        var server = _site.Server;
        byte[][] secrets = [.. TracesOfTheKey(), .. TracesOfThePassword(), .. _said.Select(Encoding.UTF8.GetBytes)];
        SecretTraces.DemandNone(server, secrets);
        // The log was there to be looked through, and so were the files: each would have had room for them.
        Assert.Contains(server.Log, line => line.Contains("alice@example.org", StringComparison.Ordinal));
        var accounts = Path.Join(server.State, "auth", "accounts");
        Assert.Contains(accounts, SecretTraces.FilesWith(server.State, secrets));
        Assert.All(SecretTraces.FilesWith(server.State, secrets), file => Assert.Equal(accounts, file));
        Assert.Contains(SecretTraces.FilesWith(server.State, "alice@example.org"u8.ToArray()), file => file != accounts);
    }

    [Fact]
    public void WhileUsersLogIn_SmtpdHasNoFilesOpen()
    {
        LogInEveryWay();
        Assert.All(ProcessMemory.Open(_site.Server.PidOf("smtpd")!.Value), what => Assert.Matches("^(socket:|pipe:|anon_inode:|/dev/null$|/dev/urandom$)", what));
        Assert.Contains(ProcessMemory.Open(_site.Server.PidOf("auth")!.Value), what => what.EndsWith("/state/auth", StringComparison.Ordinal));
    }

    /// <summary>A session for each mechanism, which stays; of SCRAM one besides that stands still in the middle.</summary>
    private void LogInEveryWay()
    {
        Demand("235", Say(Client(), $"AUTH PLAIN {Base64($"\0alice@example.org\0{Password}")}"));
        var login = Client();
        Demand("334", Say(login, "AUTH LOGIN"));
        Demand("334", Say(login, Base64("alice@example.org")));
        Demand("235", Say(login, Base64(Password)));
        Scram("SCRAM-SHA-256", isWhole: true);
        Scram("SCRAM-SHA-256-PLUS", isWhole: true);
        Scram("SCRAM-SHA-256", isWhole: false);
        Demand("235", Say(Client(), $"AUTH XOAUTH2 {Base64($"user=alice@example.org\u0001auth=Bearer {Secret(TokenIssuer.Token())}\u0001\u0001")}"));
        Demand("235", Say(Client(), $"AUTH OAUTHBEARER {Base64($"n,a=alice@example.org,\u0001auth=Bearer {Secret(TokenIssuer.Token(rsa: true))}\u0001\u0001")}"));
        using var own = X509Certificate2.CreateFromPemFile(_site["alice.crt"], _site["alice.key"]);
        Demand("235", Say(Client(own), $"AUTH EXTERNAL {Base64("alice@example.org")}"));
        // And one that is nobody's.
        Demand("535", Say(Client(), $"AUTH PLAIN {Base64($"\0nobody@example.org\0{WrongPassword}")}"));
    }

    private void Scram(string mechanism, bool isWhole)
    {
        var client = Client();
        var isPlus = mechanism.EndsWith("PLUS", StringComparison.Ordinal);
        var scram = new ScramClient("alice@example.org", Password, isPlus ? "p=tls-server-end-point,," : "n,,", isPlus ? Convert.FromHexString(client.Certificate) : null);
        var first = Say(client, $"AUTH {mechanism} {Base64(scram.First)}");
        Demand("334", first);
        var final = scram.Final(Encoding.UTF8.GetString(Convert.FromBase64String(first[4..].TrimEnd())));
        _ = Secret(final[(final.LastIndexOf(",p=", StringComparison.Ordinal) + 3)..]);
        var farewell = Say(client, Base64(final));
        Demand("334", farewell);
        if (isWhole)
        {
            Demand("235", Say(client, ""));
        }
    }

    private SmtpOverTls Client(X509Certificate2? own = null)
    {
        var client = new SmtpOverTls(_site.Submissions);
        _clients.Add(client);
        client.Begin(own: own);
        Demand("220", client.Reply());
        Demand("250", Say(client, "EHLO client.example"));
        return client;
    }

    /// <summary>The secret number of the key in both orders of its bytes, and the file's text, of which the first 48 characters are those of every such key.</summary>
    private byte[][] TracesOfTheKey()
    {
        var pem = File.ReadAllText(_site["mx.key"]);
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        var secret = key.ExportParameters(true).D!;
        return [secret, [.. secret.Reverse()], Encoding.ASCII.GetBytes(pem.Split('\n')[1][48..])];
    }

    /// <summary>StoredKey and ServerKey, then what else could stand for them or for the password.</summary>
    private byte[][] TracesOfThePassword()
    {
        var line = File.ReadAllLines(Path.Join(_site.Server.State, "auth", "accounts")).Single(line => line.StartsWith("alice@", StringComparison.Ordinal));
        var parts = line.Split('\t')[2].Split('$', ':');
        var (iterations, salt, stored, server) = (int.Parse(parts[1]), Convert.FromBase64String(parts[2]), parts[3], parts[4]);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(Password), salt, iterations, HashAlgorithmName.SHA256, 32);
        var client = HMACSHA256.HashData(salted, "Client Key"u8);
        Assert.Equal(stored, Convert.ToBase64String(SHA256.HashData(client)));
        return [Convert.FromBase64String(stored), Convert.FromBase64String(server), Encoding.ASCII.GetBytes(stored), Encoding.ASCII.GetBytes(server), salted, client];
    }

    private static string Say(SmtpOverTls client, string line) => client.Say(line + "\r\n");

    private static void Demand(string code, string reply) => Assert.StartsWith(code, reply, StringComparison.Ordinal);

    private string Base64(string text) => Secret(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));

    private string Secret(string text)
    {
        _said.Add(text);
        return text;
    }
}
