using Postern.TestKit.Servers;

namespace Postern.TestKit.Peers;

/// <summary>Debian's Dovecot with a configuration of its own: says to others whose password is right, over its socket for them.</summary>
public sealed class DovecotLogins : IDisposable
{
    private readonly Scratch _scratch = new(belongsToNobody: false);
    private readonly RunningProgram _daemon;

    /// <summary>Starts one.</summary>
    /// <param name="users">Names and passwords.</param>
    public DovecotLogins(params IReadOnlyList<(string Name, string Password)> users)
    {
        var command = Requirement.Peer("dovecot");
        Requirement.Root("Dovecot changes users");
        _scratch.Write("users", string.Concat(users.Select(user => $"{user.Name}:{{PLAIN}}{user.Password}:{Unprivileged.Id}:{Unprivileged.Id}::/nowhere\n")));
        var configuration = _scratch.Write("dovecot.conf", $$"""
            base_dir = {{_scratch["run"]}}
            state_dir = {{_scratch["state"]}}
            log_path = {{_scratch["log"]}}
            protocols =
            ssl = no
            first_valid_uid = 1
            auth_mechanisms = plain login
            auth_failure_delay = 0
            passdb {
              driver = passwd-file
              args = {{_scratch["users"]}}
            }
            userdb {
              driver = passwd-file
              args = {{_scratch["users"]}}
            }
            service auth {
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

    /// <summary>Where it is asked.</summary>
    public string Socket => _scratch["logins"];

    /// <summary>Its log.</summary>
    public string Log => File.Exists(_scratch["log"]) ? File.ReadAllText(_scratch["log"]) : "";

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
}
