using Postern.CommandLine.Server;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Text;

namespace Postern.CommandLine.Tests.Commands;

public sealed class SliceLoaderTests
{
    private static readonly byte[] _any4 = [.. new byte[10], 0xff, 0xff, 0, 0, 0, 0];

    [Fact]
    public void Settings_ComeFromTheSlices()
    {
        var settings = SliceLoader.Settings(Slices(ServiceKind.Smtp, IpAddress.Loopback6));
        Assert.Equal("/state/run/queue.sock", settings.QueueSocket);
        Assert.Equal("/state/run/control.sock", settings.ControlSocket);
        Assert.Equal("/state/run/programs", settings.ProgramsFile);
        Assert.Equal("mx.example.org", settings.HostName.ToString());
        Assert.Equal(1000UL, settings.MessageSize);
        Assert.Equal("[::1]:25", settings.SmtpListener!.ToString());
    }

    [Theory]
    [InlineData("", "mx.example.org")]
    [InlineData("mx.example.org", "mx.example.org")]
    [InlineData("example.org mx.example.org", "example.org")]
    [InlineData("example.net example.org", "example.net")]
    // Another server has its mailboxes, and the aliases of this host, root's among them, do not count there.
    [InlineData("example.org=x mx.example.org", "mx.example.org")]
    [InlineData("example.org *=x", "example.org")]
    [InlineData("sub.example.org *.example.org=x", "mx.example.org")]
    public void NameWithoutADomain_IsOneOfTheFirstWhoseMailStaysHere(string queue, string domain)
    {
        var (slices, more) = (Slices(ServiceKind.Smtp, IpAddress.Loopback4), new SliceWriter());
        var words = queue.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('=')).ToList();
        words.Where(word => word[0] != "*" && !word[0].StartsWith("*.", StringComparison.Ordinal)).ToList()
            .ForEach(word => more.Add(new DomainSlice { Domain = word[0] }));
        words.Where(word => word.Length > 1).ToList()
            .ForEach(word => more.Add(new RouteSlice { Pattern = word[0], Hop = HopKind.Host, Destination = word[1], Port = 25 }));
        slices[ProgramName.Queue] = [.. slices[ProgramName.Queue], .. more.Bytes];
        Assert.Equal(domain, SliceLoader.Settings(slices).MailDomain.ToString());
    }

    [Fact]
    public void ListenerOnEveryAddress_IsReachedByLoopback()
    {
        Assert.Equal("127.0.0.1:25", SliceLoader.Settings(Slices(ServiceKind.Smtp, default)).SmtpListener!.ToString());
        Assert.Equal("127.0.0.1:25", SliceLoader.Settings(Slices(ServiceKind.Smtp, IpAddress.FromBytes(_any4))).SmtpListener!.ToString());
    }

    [Fact]
    public void OtherServices_AreNotSmtp() =>
        Assert.Null(SliceLoader.Settings(Slices(ServiceKind.Lmtp, IpAddress.Loopback4)).SmtpListener);

    [Fact]
    public void CutSlices_AreAFailureOfOurs()
    {
        var whole = Slices(ServiceKind.Smtp, IpAddress.Loopback4);
        foreach (var cut in TestKit.SplitDriver.EveryCut(whole[ProgramName.Posternd]))
        {
            var slices = new Dictionary<ProgramName, byte[]>(whole) { [ProgramName.Posternd] = cut };
            Assert.Equal(ExitCode.Software, Assert.Throws<CommandFailure>(() => SliceLoader.Settings(slices)).Code);
        }
    }

    [Fact]
    public void FileThatIsMissing_IsNoInput() =>
        Assert.Equal(ExitCode.NoInput, Assert.Throws<CommandFailure>(() => SliceLoader.Load("/nonexistent/postern.toml")).Code);

    internal static Dictionary<ProgramName, byte[]> Slices(ServiceKind service, IpAddress address)
    {
        var own = new SliceWriter();
        own.Add(new SupervisorSliceFrame(new SupervisorSlice { State = "/state", MailboxRoot = "/mail", MailboxUser = "m", SystemUsers = false, Strict = false, Listeners = [] }));
        var queue = new SliceWriter();
        queue.Add(new QueueSlice
        {
            HostName = "mx.example.org",
            Folder = "/state/queue",
            MessageSize = 1000,
            RetryFirstSeconds = 1,
            RetryMaxSeconds = 1,
            ExpireSeconds = 1,
            WarnAfterSeconds = 1,
            MaxPerDestination = 1,
            MaxRemote = 1,
            MaxLocal = 1,
            SegmentBytes = 64 << 20,
        });
        var smtpd = new SliceWriter();
        var raw = new byte[IpAddress.Size];
        address.CopyTo(raw);
        smtpd.Add(new ListenerSlice { Address = raw, Port = 25, Service = service });
        return new Dictionary<ProgramName, byte[]>
        {
            [ProgramName.Posternd] = own.Bytes.ToArray(),
            [ProgramName.Queue] = queue.Bytes.ToArray(),
            [ProgramName.Smtpd] = smtpd.Bytes.ToArray(),
        };
    }
}
