// postern-smtpd serves SMTP, submission and LMTP sessions: it frames what clients send, judges it, and hands whole messages
// to the queue. A client hears 250 when the queue has the message on stable storage.
//
// Reads:      its configuration slice, at the start and on reload; nothing else from any file.
// Writes:     log lines on standard error.
// Talks to:   clients over sockets that posternd opened; postern-directory (is this recipient ours?); postern-queue (take
//             this message); postern-tls (do TLS with this client); postern-auth (is this client who it says?);
//             posternd.
// Privileges: none. It opens no file and connects to nobody; it can make pairs of sockets, and hand sockets to postern-tls.
using Postern.Role;
using Postern.Smtpd;

return ProgramHost.Run("smtpd", SmtpdDeclaration.Own, context => new SmtpdProgram(context.Loop, context.Log, context.Links, () => context.Finish()));
