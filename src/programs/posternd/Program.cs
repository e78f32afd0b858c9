using Postern.Posix.Processes;
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
    ["--help" or "-h"] => Usage(output: 1, code: 0),
    _ => Usage(output: 2, code: 64),
};

static int Usage(int output, int code)
{
    using var stream = new StandardStream(output);
    stream.Write("""
        usage: posternd --config FILE
        Runs the mail server that FILE describes, in the foreground: SIGTERM stops it, SIGHUP has it read FILE again.

        """u8);
    return code;
}
