using Postern.TestKit.Servers;

namespace Postern.TestKit.Peers;

/// <summary>Exim with a configuration of its own, which puts everything that it gets into one Maildir.</summary>
public sealed class EximPeer : IDisposable
{
    private const string User = "Debian-exim";

    private readonly Scratch _scratch = new(belongsToNobody: false);
    private readonly RunningProgram _daemon;

    /// <summary>Starts one.</summary>
    public EximPeer()
    {
        var command = Requirement.Peer("exim4");
        Requirement.Root("Exim changes users");
        Directory.CreateDirectory(_scratch["spool"]);
        Tool.Run("chown", [$"{User}:{User}", _scratch.Folder, _scratch["spool"]]).MustSucceed();
        var configuration = _scratch.Write("exim.conf", $"""
            exim_path = {command}
            primary_hostname = exim.example
            spool_directory = {_scratch["spool"]}
            log_file_path = {_scratch["%slog"]}
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = {Port}
            tls_advertise_hosts =
            # Without it Exim would execute itself anew for each delivery, which an unpacked copy can't.
            deliver_drop_privilege = true
            keep_environment =
            acl_smtp_rcpt = everybody
            host_lookup =
            rfc1413_hosts =
            disable_ipv6 = true
            dsn_advertise_hosts = *
            begin acl
            everybody:
              accept
            begin routers
            all:
              driver = accept
              transport = folder
            begin transports
            folder:
              driver = appendfile
              directory = {_scratch["mail"]}
              maildir_format
              envelope_to_add
              user = {User}

            """);
        Tool.Run("chown", ["root:root", configuration]).MustSucceed();
        _daemon = new RunningProgram([command, "-C", configuration, "-bdf", "-oX", $"127.0.0.1.{Port}"]);
        Patience.Until(() => Listening(Port) || _daemon.HasEnded, () => _daemon.Said);
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; } = LoopbackPort.Free();

    /// <summary>What it delivered.</summary>
    public Maildir Mailbox => new(_scratch["mail"], () => $"{_daemon.Said}\n{Log}");

    private string Log => File.Exists(_scratch["mainlog"]) ? File.ReadAllText(_scratch["mainlog"]) : "";

    /// <inheritdoc/>
    public void Dispose()
    {
        _daemon.Dispose();
        _scratch.Dispose();
    }

    private static bool Listening(int port)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        try
        {
            socket.Connect(System.Net.IPAddress.Loopback, port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
