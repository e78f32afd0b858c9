using System.Net;
using Postern.TestKit.Servers;

namespace Postern.TestKit.Peers;

/// <summary>Let's Encrypt's pebble, a certificate authority for tests, on a port of 127.0.0.1. It forgets everything when it ends.</summary>
public sealed class PebblePeer : IDisposable
{
    /// <summary>The name of its own server, which its certificate is for.</summary>
    public const string Host = "ca.example.net";

    private readonly Scratch _scratch = new();
    private readonly RunningProgram _daemon;
    private bool _isOver;

    /// <summary>Starts it.</summary>
    /// <param name="names">The name server by which it finds the hosts that it looks at.</param>
    /// <param name="http">The port that it looks at there.</param>
    /// <param name="badNonces">How many of a hundred nonces it refuses, though they are good.</param>
    public PebblePeer(IPEndPoint names, int http, int badNonces = 0)
    {
        var command = Requirement.Peer("pebble");
        var (chain, key) = (_scratch["ca.crt"], _scratch["ca.key"]);
        Tool.Run(
            Requirement.Peer("openssl"),
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=" + Host,
            "-addext", "subjectAltName=DNS:" + Host, "-keyout", key, "-out", chain]).MustSucceed();
        Tool.Run("chmod", ["a+r", chain]).MustSucceed();
        var configuration = _scratch.Write("pebble.json", $$"""
            {"pebble": {"listenAddress": "127.0.0.1:{{Port}}", "managementListenAddress": "127.0.0.1:{{LoopbackPort.Free()}}",
              "certificate": "{{chain}}", "privateKey": "{{key}}", "httpPort": {{http}}, "tlsPort": {{LoopbackPort.Free()}},
              "ocspResponderURL": "", "externalAccountBindingRequired": false} }
            """);
        _daemon = new RunningProgram(
            ["env", "PEBBLE_VA_NOSLEEP=1", $"PEBBLE_WFE_NONCEREJECT={badNonces}", command, "-config", configuration, "-dnsserver", names.ToString()]);
        _daemon.AwaitLine(line => line.Contains("Listening on", StringComparison.Ordinal), "Listening on");
    }

    /// <summary>Where it says what it has.</summary>
    public string Directory => $"https://{Host}:{Port}/dir";

    /// <summary>The file of authorities that vouches for its server.</summary>
    public string Authorities => _scratch["ca.crt"];

    /// <summary>Everything that it printed.</summary>
    public string Said => _daemon.Said;

    private int Port { get; } = LoopbackPort.Free();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            _daemon.Dispose();
            _scratch.Dispose();
        }
    }
}
