// postern-auth says who a client is that logs in. It alone reads what is kept of passwords, and keeps what was tried.
//
// Reads:      its slice; the accounts and certificates, in a folder of its own; the keys that tokens are signed with.
// Writes:     the record of attempts, in the same folder; log lines on standard error.
// Talks to:   smtpd (is this client who it says?); tls (how its word for certificates is known); queue (here is a notice of a login from a
//             new place); posternd; Dovecot, where that judges passwords.
// Privileges: its own user, reading and writing below its folder, reading the folder of the keys; no network, and Unix sockets only
//             where Dovecot is asked. Taken over, it can let anybody in as anybody, hand in mail, and has what passwords can be
//             guessed from; it sees no mail.
using Postern.Auth;
using Postern.Role;
using Postern.Sasl;

// Before the walls, and on either side of the threshold: what hashes and verifies is loaded at its first use, and not behind them.
_ = ScramVerifier.Create(ScramSalt.Create(new byte[ScramSalt.SaltLength]), "warm"u8);
TokenKey.WarmUp();
var declaration = AuthDeclaration.Own with { Places = AuthProgram.PlacesOf, SocketsOf = AuthProgram.SocketsOf };
return ProgramHost.Run("auth", declaration, context => new AuthProgram(context));
