using Postern.Supervisor;

// posternd: opens ports, starts and restarts the other programs, wires their sockets.
// Reads: the answers of postern-config (binary), /etc/passwd, requests of `local` for a user's `deliver`.
// Writes: the state folder's structure, a status file, log lines.
// Talks to: every program over its control socket. Never reads mail, network bytes or TOML.
// Privileges: root, or the invoking user; see docs/architecture.md.
return args switch
{
    [Stage.Argument, .. var rest] => Stage.Run(rest),
    ["--config", var file] => Supervisor.Run(file),
    _ => Usage(asked: args is ["--help" or "-h"]),
};

static int Usage(bool asked)
{
    (asked ? Console.Out : Console.Error).WriteLine("usage: posternd --config FILE\nRuns the mail server that FILE describes: SIGTERM stops it, SIGHUP has it read FILE again.");
    return asked ? 0 : 64;
}
