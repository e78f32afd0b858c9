using Postern.TestKit.Servers;

namespace Postern.TestKit.Peers;

/// <summary>Debian's Dovecot with a configuration of its own: takes mail by LMTP at a Unix socket, for the users that it knows.</summary>
public sealed class DovecotPeer : IDisposable
{
    private readonly Scratch _scratch = new(belongsToNobody: false);
    private readonly RunningProgram _daemon;

    /// <summary>Starts one.</summary>
    /// <param name="users">The local parts that it has mailboxes for, in whatever domain.</param>
    public DovecotPeer(params IReadOnlyList<string> users)
    {
        var command = Requirement.Peer("dovecot");
        Requirement.Root("Dovecot changes users");
        if (!File.Exists("/usr/lib/dovecot/lmtp"))
        {
            Requirement.MissingPeer("dovecot-lmtpd is not installed (eng/peers.sh installs it)");
        }

        Directory.CreateDirectory(_scratch["mail"]);
        Tool.Run("chown", [$"{Unprivileged.Id}:{Unprivileged.Id}", _scratch["mail"]]).MustSucceed();
        _scratch.Write("users", string.Concat(users.Select(user =>
            $"{user}::{Unprivileged.Id}:{Unprivileged.Id}::{_scratch["mail"]}/{user}::\n")));
        var configuration = _scratch.Write("dovecot.conf", $$"""
            base_dir = {{_scratch["run"]}}
            state_dir = {{_scratch["state"]}}
            log_path = {{_scratch["log"]}}
            protocols = lmtp
            ssl = no
            postmaster_address = postmaster@dovecot.example
            hostname = dovecot.example
            auth_username_format = %n
            mail_location = maildir:~/
            first_valid_uid = 1
            passdb {
              driver = static
              args = nopassword=y
            }
            userdb {
              driver = passwd-file
              args = {{_scratch["users"]}}
            }
            service lmtp {
              unix_listener {{Socket}} {
                mode = 0666
              }
            }
            service stats {
              unix_listener stats-writer {
                mode = 0666
              }
            }

            """);
        _daemon = new RunningProgram([command, "-F", "-c", configuration]);
        Patience.Until(() => File.Exists(Socket) || _daemon.HasEnded, () => $"{_daemon.Said}\n{Log}");
    }

    /// <summary>Where it takes mail.</summary>
    public string Socket => _scratch["lmtp"];

    /// <summary>Its log.</summary>
    public string Log => File.Exists(_scratch["log"]) ? File.ReadAllText(_scratch["log"]) : "";

    /// <summary>A user's mailbox.</summary>
    public Maildir Mailbox(string user) => new(Path.Join(_scratch["mail"], user), () => $"{_daemon.Said}\n{Log}");

    /// <inheritdoc/>
    public void Dispose()
    {
        // Told, not killed: its own children would outlive it.
        if (!_daemon.HasEnded)
        {
            _daemon.Signal("TERM");
            _daemon.AwaitEnd();
        }

        _daemon.Dispose();
        _scratch.Dispose();
    }
}
