using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Postern.Ipc;
using Postern.Ipc.Issuance;
using Postern.Keyholder.Tests.Harness;
using Postern.TestKit;

namespace Postern.Keyholder.Tests.Issuance;

/// <summary>What acme, taken over, can have signed: requests for the names of the configuration, and nothing that it made up.</summary>
public sealed class SignedRequestsTests
{
    [Fact]
    public void Account_IsAskedForWithTheKeyItself()
    {
        using var house = new IssuanceHouse { Contact = "ann+acme@a.test" };
        Assert.Null(house.Start());
        using var acme = house.Acme();
        var account = acme.Sign(SignedPurpose.Account);
        Assert.Equal(["alg", "jwk", "nonce", "url"], account.Head.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("n0nce-_", AcmeEnd.Url), (account.Head.GetProperty("nonce").GetString(), account.Head.GetProperty("url").GetString()));
        Assert.Equal("""{"termsOfServiceAgreed":true,"contact":["mailto:ann+acme@a.test"]}""", account.Payload);
        house.Contact = "";
        Assert.True(house.Configure());
        Assert.Equal("""{"termsOfServiceAgreed":true}""", acme.Sign(SignedPurpose.Account).Payload);
    }

    [Fact]
    public void OtherRequests_NameTheAccount_AndHaveTheContentOfTheirPurpose()
    {
        using var house = IssuanceHouse.Started("mx.example", "mail.example");
        using var acme = house.Acme();
        var order = acme.Sign(SignedPurpose.Order);
        Assert.Equal(["alg", "kid", "nonce", "url"], order.Head.EnumerateObject().Select(member => member.Name));
        Assert.Equal(AcmeEnd.Account, order.Head.GetProperty("kid").GetString());
        Assert.Equal("""{"identifiers":[{"type":"dns","value":"mx.example"},{"type":"dns","value":"mail.example"}]}""", order.Payload);
        Assert.Equal("", acme.Sign(SignedPurpose.Read).Payload);
        Assert.Equal("{}", acme.Sign(SignedPurpose.Challenge).Payload);
        Assert.Equal(["mx.example", "mail.example"], NamesOf(acme.Sign(SignedPurpose.Finish)));
    }

    [Fact]
    public void NamesAfterAReload_AreTheNewOnes()
    {
        using var house = IssuanceHouse.Started("mx.example");
        using var acme = house.Acme();
        Assert.Equal(["mx.example"], NamesOf(acme.Finish()));
        house.Names = ["new.example"];
        Assert.True(house.Configure());
        Assert.Equal(["new.example"], NamesOf(acme.Finish()));
        Assert.Equal(0u, acme.Ask()!.Value.Due);
    }

    [Fact]
    public void HundredNamesOfTheLongest_FitIntoAFrame()
    {
        using var house = IssuanceHouse.Started([.. Enumerable.Range(100, 100).Select(number => $"{number}.{string.Join('.', Enumerable.Repeat(new string('a', 61), 4))}")]);
        using var acme = house.Acme();
        Assert.InRange(house.Names[0].Length, 250, 253);
        _ = acme.Sign(SignedPurpose.Account);
        var url = AcmeEnd.Url + new string('x', 1000);
        Assert.NotNull(acme.SignRaw(SignedPurpose.Order, new string('n', 256), url, url));
        var finish = SignedRequest.Of(acme.SignRaw(SignedPurpose.Finish, new string('n', 256), url, url)!, acme.Key);
        Assert.Equal(house.Names, NamesOf(finish));
    }

    [Fact]
    public void EachOrder_HasAKeyOfItsOwn_AndOneOrderOnlyOne()
    {
        using var house = IssuanceHouse.Started();
        using var acme = house.Acme();
        var first = acme.Finish().CsrKey;
        // Sent again because of its nonce.
        Assert.Equal(first, acme.Sign(SignedPurpose.Finish).CsrKey);
        var second = acme.Finish().CsrKey;
        Assert.NotEqual(first, second);
        // Never the account's (RFC 8555 §11.1).
        var account = acme.Key!.ExportParameters(false).Q;
        Assert.DoesNotContain($"04{Convert.ToHexString(account.X!)}{Convert.ToHexString(account.Y!)}", new[] { first, second });
    }

    // RFC 7638 §3: the members that have to be there, in the order of their names, without spaces.
    [Fact]
    public void Thumbprint_IsThatOfTheKey()
    {
        using var house = IssuanceHouse.Started();
        using var acme = house.Acme();
        var jwk = acme.Sign(SignedPurpose.Account).Head.GetProperty("jwk");
        var members = jwk.EnumerateObject().Where(member => member.Name is "crv" or "kty" or "x" or "y").OrderBy(member => member.Name, StringComparer.Ordinal);
        var text = "{" + string.Join(',', members.Select(member => $"\"{member.Name}\":\"{member.Value.GetString()}\"")) + "}";
        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text))), acme.Ask()!.Value.Thumbprint);
    }

    [Fact]
    public void AccountKey_StaysTheSame_AndIsReadableByItsOwnerAlone()
    {
        string first;
        using var house = IssuanceHouse.Started();
        using (var acme = house.Acme())
        {
            first = acme.Ask()!.Value.Thumbprint;
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(house.AccountFile));
        var text = File.ReadAllText(house.AccountFile);
        using var again = new IssuanceHouse();
        File.Copy(house.AccountFile, again.AccountFile);
        Assert.Null(again.Start());
        using var later = again.Acme();
        Assert.Equal(first, later.Ask()!.Value.Thumbprint);
        Assert.Equal(text, File.ReadAllText(again.AccountFile));
        using var key = ECDsa.Create();
        key.ImportFromPem(text);
        Assert.NotNull(later.Sign(SignedPurpose.Account));
        Assert.Equal(key.ExportParameters(false).Q.X, later.Key!.ExportParameters(false).Q.X);
    }

    [Theory]
    // What would end the text that it stands in.
    [InlineData("n\"", AcmeEnd.Url, AcmeEnd.Account)]
    [InlineData("n\\", AcmeEnd.Url, AcmeEnd.Account)]
    [InlineData("n\0", AcmeEnd.Url, AcmeEnd.Account)]
    [InlineData("n n", AcmeEnd.Url, AcmeEnd.Account)]
    [InlineData("n=", AcmeEnd.Url, AcmeEnd.Account)]
    [InlineData("n\u00fc", AcmeEnd.Url, AcmeEnd.Account)]
    [InlineData("", AcmeEnd.Url, AcmeEnd.Account)]
    [InlineData("n", "https://ca.test/\"", AcmeEnd.Account)]
    [InlineData("n", "https://ca.test/\\", AcmeEnd.Account)]
    [InlineData("n", "https://ca.test/\n", AcmeEnd.Account)]
    [InlineData("n", "https://ca.test/\0", AcmeEnd.Account)]
    [InlineData("n", "https://ca.test/ x", AcmeEnd.Account)]
    [InlineData("n", "https://ca.test/\u007f", AcmeEnd.Account)]
    [InlineData("n", "https://ca.test/\u00fc", AcmeEnd.Account)]
    [InlineData("n", AcmeEnd.Url, "https://ca.test/\"")]
    [InlineData("n", AcmeEnd.Url, "https://ca.test/\\u0022")]
    [InlineData("n", AcmeEnd.Url, "https://ca.test/\u0001")]
    // No addresses of HTTPS.
    [InlineData("n", "http://ca.test/", AcmeEnd.Account)]
    [InlineData("n", "HTTPS://ca.test/", AcmeEnd.Account)]
    [InlineData("n", "/x", AcmeEnd.Account)]
    [InlineData("n", "", AcmeEnd.Account)]
    [InlineData("n", AcmeEnd.Url, "7")]
    // An account where there is to be one.
    [InlineData("n", AcmeEnd.Url, "")]
    public void TextThatIsNone_EndsTheLine(string nonce, string place, string account)
    {
        foreach (var purpose in new[] { SignedPurpose.Order, SignedPurpose.Read, SignedPurpose.Finish })
        {
            using var house = IssuanceHouse.Started();
            using var acme = house.Acme();
            Assert.Null(acme.SignRaw(purpose, nonce, place, account));
            Assert.True(acme.IsClosed);
            Assert.Contains("warning tls peer-refused peer=acme", house.Rig.Log, StringComparison.Ordinal);
            house.Rig.DemandService();
        }
    }

    [Theory]
    [InlineData((SignedPurpose)0, "")]
    [InlineData((SignedPurpose)0, AcmeEnd.Account)]
    [InlineData((SignedPurpose)6, AcmeEnd.Account)]
    [InlineData((SignedPurpose)255, AcmeEnd.Account)]
    [InlineData(SignedPurpose.Account, AcmeEnd.Account)]
    public void PurposeThatThereIsNot_EndsTheLine(SignedPurpose purpose, string account)
    {
        using var house = IssuanceHouse.Started();
        using var acme = house.Acme();
        Assert.Null(acme.SignRaw(purpose, account: account));
        Assert.True(acme.IsClosed);
    }

    [Fact]
    public void AcmeThatWasTakenOver_StopsNothing()
    {
        using var house = IssuanceHouse.Started();
        string thumbprint;
        using (var acme = house.Acme())
        {
            thumbprint = acme.Ask()!.Value.Thumbprint;
        }

        for (var seed = 0; seed < (Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 1000 : 40); seed++)
        {
            var wild = new WildFrames(seed);
            using var end = new WildEnd(house.Rig.Turn, theirs => house.Rig.Program.Connect(ProgramName.Acme, theirs));
            for (var left = 1 + wild.Below(30); left > 0 && !end.IsClosed; left--)
            {
                end.Send(wild.Next([IssuanceQuestionFrame.Type, SignatureAskFrame.Type, ChainFrame.Type, ChainFrame.Type]));
            }
        }

        // It is acme that gives way: sessions of clients do not end over it.
        house.Rig.Pass(Role.StandingLinks.Patience);
        Assert.False(house.Rig.HasStopped);
        using var later = house.Acme();
        Assert.Equal((0u, thumbprint), later.Ask());
        Assert.False(File.Exists(house.CertificateFile));
        house.Rig.DemandService();
    }

    [Fact]
    public void AcmeThatAsksAndNeverReads_IsNotListenedToForEver()
    {
        using var house = IssuanceHouse.Started();
        using var end = new WildEnd(house.Rig.Turn, theirs => house.Rig.Program.Connect(ProgramName.Acme, theirs));
        byte[] question = [.. Enumerable.Repeat(WildFrames.Frame(IssuanceQuestionFrame.Type, [], 0), 1000).SelectMany(frame => frame)];
        var sent = 0;
        while (sent < 200 && end.Send(question, read: false))
        {
            sent++;
        }

        Assert.InRange(sent, 1, 199);
        house.Rig.DemandService();
    }

    // Each question looks at the certificate in the file: whoever asks for ever must not keep the clients waiting.
    [Fact]
    public void AcmeThatAsksMuchAtOnce_IsAnsweredOneQuestionATurn()
    {
        using var house = IssuanceHouse.Started();
        using var end = new WildEnd(() => { }, theirs => house.Rig.Program.Connect(ProgramName.Acme, theirs));
        var question = WildFrames.Frame(IssuanceQuestionFrame.Type, [], 0);
        end.Send(question);
        house.Rig.Turn();
        end.Read();
        var answer = end.Received.Count;
        Assert.NotEqual(0, answer);
        end.Received.Clear();

        end.Send([.. Enumerable.Repeat(question, 200).SelectMany(frame => frame)], read: false);
        for (var turn = 0; turn < 10; turn++)
        {
            _ = house.Rig.TurnOnce();
        }

        end.Read();
        Assert.InRange(end.Received.Count / answer, 1, 10);
        house.Rig.Turn();
        end.Read();
        Assert.Equal(200 * answer, end.Received.Count);
    }

    /// <summary>The names in a request for a certificate, whose subject is empty.</summary>
    private static string[] NamesOf(SignedRequest request)
    {
        var csr = request.LoadCsr();
        Assert.Equal("", csr.SubjectName.Name);
        var extension = Assert.Single(csr.CertificateExtensions);
        return [.. new X509SubjectAlternativeNameExtension(extension.RawData).EnumerateDnsNames()];
    }
}
