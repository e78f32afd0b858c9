using Postern.TestKit.Servers;

namespace Postern.TestKit.Peers;

/// <summary>Debian's Postfix with configuration, queue and ports of its own; the system's instance is not touched.</summary>
public sealed class PostfixPeer : IDisposable
{
    private readonly Scratch _scratch = new(belongsToNobody: false);

    /// <summary>Starts one that takes everything from the loopback and hands it on.</summary>
    /// <param name="port">Where it listens on 127.0.0.1.</param>
    /// <param name="nextPort">The port of the server that gets all of it.</param>
    /// <param name="rewrites">Recipients that it replaces, one pair a line: "from to".</param>
    public PostfixPeer(int port, int nextPort, string rewrites = "")
    {
        var command = Requirement.Peer("postfix");
        Requirement.Root("Postfix changes users");
        Directory.CreateDirectory(_scratch["queue"]);
        Directory.CreateDirectory(_scratch["data"]);
        Tool.Run("chown", ["postfix", _scratch["data"]]).MustSucceed();
        _scratch.Write("main.cf", $"""
            compatibility_level = 3.6
            queue_directory = {_scratch["queue"]}
            data_directory = {_scratch["data"]}
            command_directory = /usr/sbin
            daemon_directory = /usr/lib/postfix/sbin
            mail_owner = postfix
            setgid_group = postdrop
            myhostname = postfix.example
            mydestination =
            local_recipient_maps =
            alias_maps =
            alias_database =
            mynetworks = 127.0.0.0/8
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            smtpd_relay_restrictions = permit_mynetworks, reject
            smtputf8_enable = no
            relayhost = [127.0.0.1]:{nextPort}
            virtual_alias_maps = texthash:{_scratch["rewrites"]}
            maillog_file_prefixes = {_scratch.Folder}
            maillog_file = {LogFile}

            """);
        _scratch.Write("rewrites", rewrites + "\n");
        _scratch.Write("master.cf", $"""
            127.0.0.1:{port} inet n - n - - smtpd
            pickup   unix n - n 60 1 pickup
            cleanup  unix n - n - 0 cleanup
            qmgr     unix n - n 300 1 qmgr
            rewrite  unix - - n - - trivial-rewrite
            bounce   unix - - n - 0 bounce
            defer    unix - - n - 0 bounce
            trace    unix - - n - 0 bounce
            verify   unix - - n - 1 verify
            flush    unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            smtp     unix - - n - - smtp
            relay    unix - - n - - smtp
            error    unix - - n - - error
            retry    unix - - n - - error
            discard  unix - - n - - discard
            anvil    unix - - n - 1 anvil
            scache   unix - - n - 1 scache
            postlog  unix-dgram n - n - 1 postlogd

            """);
        Tool.Run(command, ["-c", _scratch.Folder, "start"]).MustSucceed();
    }

    /// <summary>Its log.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => _scratch["mail.log"];

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Tool.Run("postfix", ["-c", _scratch.Folder, "stop"]);
        _scratch.Dispose();
    }
}
