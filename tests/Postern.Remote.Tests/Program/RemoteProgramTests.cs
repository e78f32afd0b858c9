using System.Text;
using Postern.Ipc.Slices;
using Postern.Loop;
using Postern.Remote.Tests.Harness;
using Postern.Role;
using Postern.Role.Logging;
using Postern.Text;

namespace Postern.Remote.Tests.Program;

public sealed class RemoteProgramTests
{
    // Reports that are owed go out while the program starts: one that opened a session before there was TLS stood still in it.
    [Fact]
    public void WhatBeginsAtTheStart_HasTlsAlready()
    {
        using var loop = new EventLoop(new ManualClock());
        var said = new StringBuilder();
        var log = new EventLog("remote", loop, line => said.Append(Encoding.ASCII.GetString(line)) is not null);
        using var program = new RemoteProgram(new ProgramContext(loop, log, () => -1), missing: null);
        var writer = new SliceWriter();
        writer.Add(new RemoteSlice { HostName = "mail.example.org", AllowPrivate = false, MaxConnections = 100, IdleSeconds = 5, Folder = "/f", Authorities = "/a", TlsHoldSeconds = 60, FollowsTlsOptional = true });
        Assert.True(program.Configure(writer.Bytes));
        Assert.NotNull(program.Runner.Tls);
        Assert.NotNull(program.Runner.Resolver);
        Assert.NotNull(program.Runner.Planner);
        // And whatever else a program has before it starts.
        Assert.Equal("/f: ", program.Start()![..4]);
        Assert.Equal("", said.ToString());
    }

    [Fact]
    public void ResolversThatAreLeftOut_AreSaidOnce()
    {
        using var loop = new EventLoop(new ManualClock());
        var said = new StringBuilder();
        var log = new EventLog("remote", loop, line => said.Append(Encoding.ASCII.GetString(line)) is not null);
        using var program = new RemoteProgram(new ProgramContext(loop, log, () => -1), missing: null);
        var writer = new SliceWriter();
        writer.Add(new RemoteSlice { HostName = "mail.example.org", AllowPrivate = false, MaxConnections = 100, IdleSeconds = 5, Folder = "/f", Authorities = "/a", TlsHoldSeconds = 60, FollowsTlsOptional = true });
        foreach (var text in new[] { "::1", "192.0.2.1", "2001:db8::53" })
        {
            Assert.True(IpAddress.TryParse(text, out var address));
            var raw = new byte[IpAddress.Size];
            address.CopyTo(raw);
            writer.Add(new ResolverSlice { Address = raw, Port = 53, IsTrusted = false });
        }

        Assert.True(program.Configure(writer.Bytes));
        log.Flush();
        Assert.Equal("warning remote resolvers-left-out servers=\"192.0.2.1:53 [2001:db8::53]:53\"", said.ToString().TrimEnd('\n').Split(' ', 2)[1]);
    }
}
