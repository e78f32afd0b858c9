using System.Text;
using Postern.Ipc.Slices;
using Postern.Loop;
using Postern.Remote.Tests.Harness;
using Postern.Role;
using Postern.Role.Logging;
using Postern.Text;

namespace Postern.Remote.Tests.Program;

public sealed class RemoteProgramTests : IDisposable
{
    private readonly EventLoop _loop = new(new ManualClock());
    private readonly StringBuilder _said = new();
    private readonly EventLog _log;
    private readonly RemoteProgram _program;
    private readonly SliceWriter _slice = new();

    public RemoteProgramTests()
    {
        _log = new EventLog("remote", _loop, line => _said.Append(Encoding.ASCII.GetString(line)) is not null);
        _program = new RemoteProgram(new ProgramContext(_loop, _log, () => -1), missing: null);
        _slice.Add(SampleHead.Of(hasLocalSockets: false));
    }

    public void Dispose()
    {
        _program.Dispose();
        _loop.Dispose();
    }

    [Fact]
    public void RouteToASocket_ThatComesByAReload_NeedsANewStart()
    {
        var context = new ProgramContext(_loop, _log, () => -1);
        using var program = new RemoteProgram(context, missing: null);
        Assert.True(program.Configure(_slice.Bytes));
        Assert.True(program.Configure(_slice.Bytes));
        _log.Flush();
        Assert.Equal("", _said.ToString());
        var more = new SliceWriter();
        more.Add(SampleHead.Of(hasLocalSockets: true));
        Assert.True(program.Configure(more.Bytes));
        _log.Flush();
        Assert.Contains("info remote restarting reason=\"a route leads to a socket of this host now\"\n", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void RouteToASocket_ThatGoesByAReload_NeedsNone()
    {
        var first = new SliceWriter();
        first.Add(SampleHead.Of(hasLocalSockets: true));
        Assert.True(_program.Configure(first.Bytes));
        Assert.True(_program.Configure(_slice.Bytes));
        Assert.True(_program.Configure(_slice.Bytes));
        _log.Flush();
        Assert.Equal("", _said.ToString());
    }

    // Reports that are owed go out while the program starts: one that opened a session before there was TLS stood still in it.
    [Fact]
    public void WhatBeginsAtTheStart_HasTlsAlready()
    {
        Assert.True(_program.Configure(_slice.Bytes));
        Assert.NotNull(_program.Runner.Tls);
        Assert.NotNull(_program.Runner.Resolver);
        Assert.NotNull(_program.Runner.Planner);
        // And whatever else a program has before it starts.
        Assert.Equal("/f: ", _program.Start()![..4]);
        _log.Flush();
        Assert.Equal("", _said.ToString());
    }

    [Fact]
    public void ResolversThatAreLeftOut_AreSaidOnce()
    {
        foreach (var text in new[] { "::1", "192.0.2.1", "2001:db8::53" })
        {
            Assert.True(IpAddress.TryParse(text, out var address));
            var raw = new byte[IpAddress.Size];
            address.CopyTo(raw);
            _slice.Add(new ResolverSlice { Address = raw, Port = 53, IsTrusted = false });
        }

        Assert.True(_program.Configure(_slice.Bytes));
        _log.Flush();
        Assert.Equal("warning remote resolvers-left-out servers=\"192.0.2.1:53 [2001:db8::53]:53\"", _said.ToString().TrimEnd('\n').Split(' ', 2)[1]);
    }
}
