using Postern.Ipc.Slices;
using Postern.Keyholder.Certificates;
using Postern.Role.Confining;
using Postern.TestKit.Servers;

namespace Postern.Keyholder.Tests.Certificates;

/// <summary>What the program may read behind its walls: the folders of what the configuration names, and nothing beside.</summary>
public sealed class KeyFoldersTests : IDisposable
{
    private readonly Scratch _scratch = new(belongsToNobody: false);

    // Of what lies in the root folder the file alone, or there were no wall left.
    [Fact]
    public void EachFolder_IsThereOnce() => Assert.Equal(
        [new Place("/etc/a", FileUse.Read), new Place("/etc/b", FileUse.Read), new Place("/z.pem", FileUse.Read)],
        Folders(("/etc/a/x.crt", "/etc/a/x.key"), ("/etc/b/y.pem", "/etc/a/y.pem"), ("/z.pem", "/z.pem")));

    [Fact]
    public void ALink_OpensItsOwnFolderAndThatOfItsLastTarget()
    {
        // As certbot keeps them: live/NAME/fullchain.pem -> ../../archive/NAME/fullchain1.pem, and here once more by way of another.
        Make("archive/mx", "live/mx", "by/way");
        File.WriteAllText(_scratch["archive/mx/one.pem"], "");
        File.CreateSymbolicLink(_scratch["by/way/one.pem"], "../../archive/mx/one.pem");
        File.CreateSymbolicLink(_scratch["live/mx/one.pem"], "../../by/way/one.pem");
        Assert.Equal(
            [_scratch["live/mx"], _scratch["archive/mx"]],
            Folders((_scratch["live/mx/one.pem"], _scratch["live/mx/one.pem"])).Select(place => place.Path));
    }

    // /etc/postern/tls -> /etc/letsencrypt/live/mx, where each file is a link relative to the true folder.
    [Fact]
    public void ALinkInAFolderThatIsALink_IsFollowedAsTheKernelDoes()
    {
        Make("le/archive/mx", "le/live/mx", "postern");
        File.WriteAllText(_scratch["le/archive/mx/one.pem"], "");
        File.CreateSymbolicLink(_scratch["le/live/mx/fullchain.pem"], "../../archive/mx/one.pem");
        Directory.CreateSymbolicLink(_scratch["postern/tls"], "../le/live/mx");
        var chain = _scratch["postern/tls/fullchain.pem"];
        Assert.True(File.Exists(chain));
        Assert.Equal([_scratch["postern/tls"], _scratch["le/archive/mx"]], Folders((chain, chain)).Select(place => place.Path));
    }

    [Fact]
    public void ALinkThatLeadsNowhereOrInACircle_IsNoMishap()
    {
        Make("live");
        File.CreateSymbolicLink(_scratch["live/gone.pem"], "../nowhere/gone.pem");
        File.CreateSymbolicLink(_scratch["live/a.pem"], "b.pem");
        File.CreateSymbolicLink(_scratch["live/b.pem"], "a.pem");
        var folders = Folders((_scratch["live/gone.pem"], _scratch["live/a.pem"])).Select(place => place.Path).ToArray();
        Assert.Contains(_scratch["live"], folders);
        Assert.DoesNotContain("/", folders);
    }

    [Fact]
    public void FilesAreChanged_OnlyWhereCertificatesAreMade()
    {
        var slice = new SliceWriter();
        slice.Add(new TlsSlice { HostName = "mx.example", AsksForCertificate = false });
        slice.Add(new CertificateSlice { Chain = "/k/chain", Key = "/k/key" });
        Assert.All(KeyFolders.Of(slice.Bytes), place => Assert.Equal(FileUse.Read, place.Use));
        slice.Add(new IssuanceSlice { Folder = "/state/tls", Contact = "", Names = ["mx.example"] });
        var places = KeyFolders.Of(slice.Bytes);
        Assert.Equal(new Place("/state/tls", FileUse.Read | FileUse.List | FileUse.Change), places[^1]);
        Assert.All(places.SkipLast(1), place => Assert.Equal(FileUse.Read, place.Use));
    }

    [Fact]
    public void ASliceWithoutFilesOrWithoutSense_OpensNothing()
    {
        Assert.Empty(Folders());
        Assert.Empty(KeyFolders.Of([]));
        Assert.Empty(KeyFolders.Of([1, 2, 3]));
    }

    public void Dispose() => _scratch.Dispose();

    private void Make(params string[] folders)
    {
        foreach (var folder in folders)
        {
            Directory.CreateDirectory(_scratch[folder]);
        }
    }

    private static IReadOnlyList<Place> Folders(params (string Chain, string Key)[] files)
    {
        var slice = new SliceWriter();
        slice.Add(new TlsSlice { HostName = "mx.example", AsksForCertificate = false });
        foreach (var (chain, key) in files)
        {
            slice.Add(new CertificateSlice { Chain = chain, Key = key });
        }

        return KeyFolders.Of(slice.Bytes);
    }
}
