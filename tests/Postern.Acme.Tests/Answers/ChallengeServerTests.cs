using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Postern.Acme.Answers;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Role.Logging;
using Postern.Sasl.Tests;
using Postern.TestKit.Servers;
using Postern.Text;
using NetSocket = System.Net.Sockets.Socket;
using Socket = Postern.Posix.Sockets.Socket;

namespace Postern.Acme.Tests.Answers;

/// <summary>The web server, over loopback, on a loop that a test turns: authorities and whoever else comes.</summary>
public sealed class ChallengeServerTests : IDisposable
{
    private const string Request = "GET /.well-known/acme-challenge/tok_1 HTTP/1.1\r\nHost: mx.example.org\r\nUser-Agent: x\r\n\r\n";
    private const string Found = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 11\r\nConnection: close\r\n\r\ntok_1.thumb";
    private const string Missing = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 23\r\nConnection: close\r\n\r\nThere is nothing here.\n";

    private readonly ManualClock _clock = new();
    private readonly EventLoop _loop;
    private readonly ChallengeAnswers _answers = new();
    private readonly ChallengeServer _server;
    private readonly int _port = LoopbackPort.Free();
    private readonly List<IDisposable> _clients = [];

    public ChallengeServerTests()
    {
        _loop = new EventLoop(_clock);
        _server = new ChallengeServer(_loop, new EventLog("acme", _loop, _ => true), _answers);
        Assert.True(IpAddress.TryParse("127.0.0.1", out var address));
        Assert.False(Socket.OpenListener(SocketAddress.Inet(address, (ushort)_port), out var listener).Failed);
        _server.Open(listener!);
        _answers.Add("tok_1", "thumb");
    }

    public void Dispose()
    {
        _server.Stop();
        _clients.ForEach(client => client.Dispose());
        Turn();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Turn();
        _loop.Dispose();
    }

    [Fact]
    public void Answer_IsWhatRfc8555Wants_ToTheByte()
    {
        Assert.Equal(Found, Ask(Request));
        _answers.Remove("tok_1");
        Assert.Equal(Missing, Ask(Request));
    }

    [Theory]
    [InlineData("GET /.well-known/acme-challenge/tok_2 HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("POST /.well-known/acme-challenge/tok_1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("\r\n\r\n")]
    [InlineData("\0\u00ff\r\n\r\n")]
    [InlineData("GET /.well-known/acme-challenge/tok_1 HTTP/1.1\nx\r\n\r\n")]
    public void WhateverElseIsAsked_IsNotThere(string request) => Assert.Equal(Missing, Ask(request));

    [Fact]
    public void RequestInPieces_IsARequest()
    {
        for (var cut = 1; cut < Request.Length; cut++)
        {
            var client = Connect();
            Send(client, Request[..cut]);
            Send(client, Request[cut..]);
            Assert.Equal(Found, Hear(client));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET")]
    [InlineData("GET /.well-known/acme-challenge/tok_1 HTTP/1.1\r\nHost: a\r\n")]
    public void RequestThatBreaksOff_IsNotAnswered(string request)
    {
        var client = Connect();
        Send(client, request);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(string.Empty, Hear(client));
        Assert.Equal(Found, Ask(Request));
    }

    [Theory]
    [InlineData(ChallengeServer.MaxRequest, true)]
    [InlineData(ChallengeServer.MaxRequest + 1, false)]
    public void LongRequest_HasALimit(int length, bool isAnswered)
    {
        var request = Request[..^2] + "X: ";
        Assert.Equal(isAnswered ? Found : string.Empty, Ask(request + new string('x', length - request.Length - 4) + "\r\n\r\n"));
        Assert.Equal(Found, Ask(Request));
    }

    [Fact]
    public void WhoSaysNothing_IsSentAwayInTime()
    {
        var client = Connect();
        Send(client, "GET /");
        _clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Turn();
        Assert.False(client.Poll(0, SelectMode.SelectRead));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(string.Empty, Hear(client));
    }

    [Fact]
    public void WhoTakesTheAnswerAndStays_IsSentAwayInTime()
    {
        var client = Connect();
        Send(client, Request);
        Assert.Equal(Found, Hear(client));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Turn();
        // To the first byte the system says that nobody is there, unasked.
        Assert.Equal(1, client.Send("x"u8));
        Assert.Throws<SocketException>(() => client.Send("x"u8));
        Assert.Equal(Found, Ask(Request));
    }

    [Fact]
    public void Crowd_KeepsNoAuthorityOut_TheOldestGoes()
    {
        var crowd = Crowd(ChallengeServer.MaxConnections);
        var authority = Connect();
        Assert.Equal(string.Empty, Hear(crowd[0]));
        Assert.All(crowd.Skip(1), other => Assert.False(other.Poll(0, SelectMode.SelectRead)));
        Send(authority, Request);
        Assert.Equal(Found, Hear(authority));
        // Who left makes room: nobody else has to go.
        authority.Dispose();
        Turn();
        Send(Connect(), "GET /");
        Assert.False(crowd[1].Poll(0, SelectMode.SelectRead));
        Send(crowd[1], Request);
        Assert.Equal(Found, Hear(crowd[1]));
    }

    [Fact]
    public void ThousandConnections_AreServedOneAfterTheOther()
    {
        for (var number = 0; number < 1000; number++)
        {
            var client = Connect();
            Send(client, Request);
            Assert.Equal(Found, Hear(client));
            client.Dispose();
        }
    }

    [Fact]
    public void AfterTheStop_NobodyIsTaken()
    {
        _server.Stop();
        Turn();
        using var client = new NetSocket(SocketType.Stream, ProtocolType.Tcp);
        Assert.Throws<SocketException>(() => client.Connect(System.Net.IPAddress.Loopback, _port));
    }

    private string Ask(string request)
    {
        var client = Connect();
        Send(client, request);
        var heard = Hear(client);
        client.Dispose();
        Turn();
        return heard;
    }

    private NetSocket[] Crowd(int count) => [.. Enumerable.Range(0, count).Select(_ => Connect())];

    private NetSocket Connect()
    {
        var client = new NetSocket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _clients.Add(client);
        client.Connect(System.Net.IPAddress.Loopback, _port);
        Turn();
        return client;
    }

    private void Send(NetSocket client, string text)
    {
        try
        {
            _ = client.Send(Encoding.Latin1.GetBytes(text));
        }
        catch (SocketException)
        {
            // It was closed already, which is what Hear finds.
        }

        Turn();
    }

    /// <summary>All that comes until the server ends it.</summary>
    private string Hear(NetSocket client)
    {
        var heard = new StringBuilder();
        var buffer = new byte[4096];
        var watch = Stopwatch.StartNew();
        while (true)
        {
            Turn();
            if (!client.Poll(0, SelectMode.SelectRead))
            {
                Assert.True(watch.Elapsed < Patience.Long, "The server does not end it.");
                Thread.Yield();
                continue;
            }

            try
            {
                var count = client.Receive(buffer);
                if (count == 0)
                {
                    return heard.ToString();
                }

                heard.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
            catch (SocketException)
            {
                return heard.ToString();
            }
        }
    }

    private void Turn()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }
}
