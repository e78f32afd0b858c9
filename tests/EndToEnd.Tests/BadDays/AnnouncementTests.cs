using System.Net.Sockets;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.BadDays;

/// <summary>What posternd tells the outside, and what happens where nobody can be told.</summary>
public sealed class AnnouncementTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private string _notify = "";

    private BareServer Server => new(_scratch.Folder, command => Unprivileged.Command("env", ["NOTIFY_SOCKET=" + _notify, .. command]));

    // sd_notify(3): one datagram, when mail is taken and not before.
    [Fact]
    public void Readiness_IsToldToSystemd()
    {
        _notify = _scratch["notify"];
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_notify));
        Tool.Run("chmod", ["666", _notify]).MustSucceed();
        socket.ReceiveTimeout = (int)Patience.Long.TotalMilliseconds;
        using var server = Server;
        server.Start();
        var buffer = new byte[64];
        Assert.Equal("READY=1"u8.ToArray(), buffer[..socket.Receive(buffer)]);
        Assert.Equal(0, server.Stop());
        Assert.Equal(0, socket.Available);
    }

    [Theory]
    [InlineData("")]
    [InlineData("relative")]
    // An abstract socket, which no program of ours speaks to.
    [InlineData("@postern")]
    [InlineData("/nowhere/notify")]
    // Longer than a socket's path may be.
    [InlineData("/12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567")]
    public void WhereNobodyListens_NothingIsMissed(string notify)
    {
        _notify = notify;
        using var server = Server;
        server.Start();
        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void ATableThatCanNotBeWritten_IsAWarningAndNothingElse()
    {
        using var server = Server;
        server.Start();
        Assert.Equal(0, server.Stop());
        var table = Path.Join(server.State, "run", "programs");
        File.Delete(table);
        Directory.CreateDirectory(table);
        server.Start();
        server.AwaitLog("warning posternd table-not-written ");
        Assert.Equal(0, server.Stop());
    }

    public void Dispose() => _scratch.Dispose();
}
