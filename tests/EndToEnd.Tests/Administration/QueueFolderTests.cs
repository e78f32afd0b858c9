using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Administration;

/// <summary>Attack F4: nobody else reaches the queue's files, so that nobody can give them a second name elsewhere.</summary>
public sealed class QueueFolderTests
{
    [Fact]
    public void AnotherUser_CanNeitherReadNorLinkNorAddAFile()
    {
        Requirement.Root("acts as another user");
        using var server = PosternServer.Start();
        using (var client = PlainSmtpClient.Greeted(server.Port))
        {
            Assert.Equal(250, client.SendByData("alice@example.org", Samples.Bob, Samples.Message(Samples.Mark())).Code);
        }

        var folder = Path.Join(server.State, "queue");
        var segment = Directory.GetFiles(folder, "segment-*").First();
        // Open to everybody: what refuses the link is the queue's side of it.
        using var elsewhere = new Scratch();
        File.SetUnixFileMode(elsewhere.Folder, (UnixFileMode)0x1ff);
        Assert.Equal((UnixFileMode)0x1c0, File.GetUnixFileMode(folder));
        Assert.All(Directory.GetFiles(folder), file => Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(file)));
        foreach (string[] command in new string[][]
        {
            ["ls", folder], ["cat", segment], ["ln", segment, elsewhere["linked"]], ["touch", Path.Join(folder, "segment-0000ffff")],
        })
        {
            var denied = Tool.Run("setpriv", ["--reuid=daemon", "--regid=daemon", "--clear-groups", .. command]);
            Assert.NotEqual(0, denied.Code);
            Assert.Contains("Permission denied", denied.Error, StringComparison.Ordinal);
        }
    }
}
