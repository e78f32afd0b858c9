// postern-tls does TLS with clients, and is the only program that can read private keys. smtpd hands it a client's socket and
// gets a plain one for it, over which it hears what was agreed and then what the client says.
//
// Reads:      its slice; the certificates and keys that it names.
// Writes:     log lines on standard error.
// Talks to:   clients whose sockets smtpd hands over; smtpd; auth, which gets the key of its vouchers; posternd.
// Privileges: its own user, reading what that may read in the folders of the keys. It connects to nobody. Taken over, it has
//             the keys, and reads and changes what passes through it; it can't reach the queue, nor submit as somebody else.
using Postern.Keyholder;
using Postern.Keyholder.Certificates;
using Postern.Role;
using Postern.Role.Confining;
using Postern.Tls.Native;

// Before the walls, and on either side of the threshold: what is loaded then may be loaded again behind it, and nothing else.
var problem = OpenSsl.Open();
var declaration = new Declaration { Files = FileUse.Read, Places = KeyFolders.Of, Sockets = SocketUse.TakeOver };
return ProgramHost.Run("tls", declaration, context => new TlsProgram(context, problem));
