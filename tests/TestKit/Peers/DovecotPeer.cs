using Postern.TestKit.Servers;

namespace Postern.TestKit.Peers;

/// <summary>Debian's Dovecot with a configuration of its own and one Unix socket: takes mail there, or says whose password is right.</summary>
public sealed class DovecotPeer : IDisposable
{
    private readonly Scratch _scratch = new(belongsToNobody: false);
    private readonly RunningProgram _daemon;

    private DovecotPeer(Func<string, string> users, Func<DovecotPeer, string> configure)
    {
        var command = Requirement.Peer("dovecot");
        Requirement.Root("Dovecot changes users");
        _scratch.Write("users", users(_scratch["mail"]));
        var configuration = _scratch.Write("dovecot.conf", $$"""
            base_dir = {{_scratch["run"]}}
            state_dir = {{_scratch["state"]}}
            log_path = {{_scratch["log"]}}
            ssl = no
            first_valid_uid = 1
            userdb {
              driver = passwd-file
              args = {{_scratch["users"]}}
            }
            service stats {
              unix_listener stats-writer {
                mode = 0666
              }
            }
            {{configure(this)}}

            """);
        _daemon = new RunningProgram([command, "-F", "-c", configuration]);
        Patience.Until(() => File.Exists(Socket) || _daemon.HasEnded, () => $"{_daemon.Said}\n{Log}");
    }

    /// <summary>Where it takes mail by LMTP, or is asked.</summary>
    public string Socket => _scratch["socket"];

    /// <summary>Its log.</summary>
    public string Log => File.Exists(_scratch["log"]) ? File.ReadAllText(_scratch["log"]) : "";

    /// <summary>Starts one that takes mail by LMTP.</summary>
    /// <param name="users">The local parts that it has mailboxes for, in whatever domain.</param>
    public static DovecotPeer ForMail(params IReadOnlyList<string> users)
    {
        if (!File.Exists("/usr/lib/dovecot/lmtp"))
        {
            Requirement.MissingPeer("dovecot-lmtpd is not installed (eng/peers.sh installs it)");
        }

        return new DovecotPeer(
            mail => string.Concat(users.Select(user => $"{user}::{Unprivileged.Id}:{Unprivileged.Id}::{mail}/{user}::\n")),
            peer => peer.ConfigureMail());
    }

    /// <summary>Starts one that says to others whose password is right.</summary>
    /// <param name="users">Names and passwords.</param>
    public static DovecotPeer ForLogins(params IReadOnlyList<(string Name, string Password)> users) => new(
        _ => string.Concat(users.Select(user => $"{user.Name}:{{PLAIN}}{user.Password}:{Unprivileged.Id}:{Unprivileged.Id}::/nowhere\n")),
        peer => $$"""
            protocols =
            auth_mechanisms = plain login
            auth_failure_delay = 0
            passdb {
              driver = passwd-file
              args = {{peer._scratch["users"]}}
            }
            service auth {
              unix_listener {{peer.Socket}} {
                mode = 0666
              }
            }
            """);

    /// <summary>A user's mailbox.</summary>
    public Maildir Mailbox(string user) => new(Path.Join(_scratch["mail"], user), () => $"{_daemon.Said}\n{Log}");

    /// <summary>Ends it.</summary>
    public void Stop()
    {
        // Told, not killed: its own children would outlive it.
        if (!_daemon.HasEnded)
        {
            _daemon.Signal("TERM");
            _daemon.AwaitEnd();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _daemon.Dispose();
        _scratch.Dispose();
    }

    private string ConfigureMail()
    {
        Directory.CreateDirectory(_scratch["mail"]);
        Tool.Run("chown", [$"{Unprivileged.Id}:{Unprivileged.Id}", _scratch["mail"]]).MustSucceed();
        return $$"""
            protocols = lmtp
            postmaster_address = postmaster@dovecot.example
            hostname = dovecot.example
            auth_username_format = %n
            mail_location = maildir:~/
            passdb {
              driver = static
              args = nopassword=y
            }
            service lmtp {
              unix_listener {{Socket}} {
                mode = 0666
              }
            }
            """;
    }
}
