using Postern.TestKit.Certificates;
using Postern.TestKit.Servers;
using Postern.Tls.Certificates;
using Postern.Tls.Harness;

namespace Postern.Tls.Certificates;

public sealed class CertificateFileTests : IDisposable
{
    private static readonly Paper Good = Papers.Elliptic("mx.example");

    private readonly TestKit.Servers.Scratch _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TwoFiles_AreRead()
    {
        Assert.True(CertificateFile.TryRead(Chain(), Key(Good.Key), out var certificate, out var problem), problem);
        Assert.True(certificate.Covers("mx.example"u8));
        certificate.Dispose();
    }

    [Fact]
    public void OneFileWithBoth_IsRead()
    {
        var path = Key(Good.Chain + "\n" + Good.Key);
        Assert.True(CertificateFile.TryRead(path, path, out var certificate, out var problem), problem);
        certificate.Dispose();
    }

    [Fact]
    public void AProblemWithTheContent_NamesBothFiles()
    {
        var (chain, key) = (Chain(), Key(Papers.Elliptic("mx.example").Key));
        Assert.Equal($"{chain} with {key} has a private key that is not the one of its first certificate", Problem(chain, key));
    }

    [Fact]
    public void AMissingFile_IsNamed() =>
        Assert.Equal($"{_folder["none.pem"]} can't be read: No such file or directory", Problem(_folder["none.pem"], Key(Good.Key)));

    [Theory]
    [InlineData(0b110_100_100)]
    [InlineData(0b110_000_010)]
    public void AKeyThatEverybodyMayReadOrChange_IsRefused(int mode)
    {
        var key = Key(Good.Key);
        File.SetUnixFileMode(key, (UnixFileMode)mode);
        Assert.Equal($"{key} holds a private key that every user can read or change: chmod o= {key}", Problem(Chain(), key));
    }

    [Fact]
    public void AFolder_IsNoFile() => Assert.Equal($"{_folder.Folder} is a folder", Problem(_folder.Folder, Key(Good.Key)));

    [Fact]
    public void APipe_IsNotWaitedFor()
    {
        var pipe = Path.Join(_folder.Folder, "pipe");
        Assert.Equal(0, Tool.Run("mkfifo", [pipe]).Code);
        Assert.EndsWith("or it is no ordinary file", Problem(Chain(), pipe), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEndlessFile_IsRefused()
    {
        var path = _folder.Write("large.pem", new string('\n', CertificateFile.MaxSize + 1));
        Assert.Equal($"{path} has more than {CertificateFile.MaxSize} bytes, which is the most that is taken", Problem(path, Key(Good.Key)));
    }

    private string Chain() => _folder.Write("chain.pem", Good.Chain);

    private string Key(string text)
    {
        var path = _folder.Write("key.pem", text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        return path;
    }

    private static string Problem(string chain, string key)
    {
        Assert.False(CertificateFile.TryRead(chain, key, out var certificate, out var problem));
        Assert.Null(certificate);
        return problem;
    }
}
