// postern-tls does TLS with clients, and is the only program that can read private keys. smtpd hands it a client's socket and
// gets a plain one for it, over which it hears what was agreed and then what the client says.
//
// Reads:      its slice; the certificates and keys that it names.
// Writes:     log lines on standard error; keys that it made and certificates for them, in a folder of its own, if it is to have some made.
// Talks to:   clients whose sockets smtpd hands over; smtpd; auth, which gets the key of its vouchers; acme (requests to sign, certificates
//             that came); posternd.
// Privileges: its own user, reading what that may read in the folders of the keys, and writing in the one folder if there is one. It
//             connects to nobody. Taken over, it has the keys, and reads and changes what passes through it; it can't reach the queue, nor submit as somebody else.
using Postern.Keyholder;
using Postern.Keyholder.Certificates;
using Postern.Role;
using Postern.Tls.Native;

// Before the walls, and on either side of the threshold: what is loaded then may be loaded again behind it, and nothing else.
var problem = OpenSsl.Open();
var declaration = TlsDeclaration.Own with { Places = KeyFolders.Of };
return ProgramHost.Run("tls", declaration, context => new TlsProgram(context, problem));
