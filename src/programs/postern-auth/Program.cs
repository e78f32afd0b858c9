// postern-auth says who a client is that logs in. It alone reads what is kept of passwords, and keeps what was tried.
//
// Reads:      its slice; the accounts, in a folder of its own.
// Writes:     the record of attempts, in the same folder; log lines on standard error.
// Talks to:   smtpd (is this client who it says?); posternd.
// Privileges: its own user, reading and writing below its folder; no network. Taken over, it can let anybody in as anybody,
//             and has what passwords can be guessed from; it sees no mail.
using Postern.Auth;
using Postern.Ipc.Slices;
using Postern.Role;
using Postern.Role.Confining;
using Postern.Sasl;

// Before the walls, and on either side of the threshold: the library that hashes is loaded at its first use, and not behind them.
_ = ScramVerifier.Create(ScramSalt.Create(new byte[ScramSalt.SaltLength]), "warm"u8);
var declaration = new Declaration { Files = FileUse.Read | FileUse.List | FileUse.Change, Places = Places };
return ProgramHost.Run("auth", declaration, context => new AuthProgram(context));

static IReadOnlyList<Place> Places(ReadOnlySpan<byte> slice) =>
    AuthSlice.Read(slice) is { } settings ? [new Place(settings.Folder, FileUse.Read | FileUse.List | FileUse.Change)] : [];
