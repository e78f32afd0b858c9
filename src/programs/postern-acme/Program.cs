// postern-acme talks to a certificate authority (RFC 8555), so that the program with the keys need not talk to anybody. It runs
// only where [tls] acme = true.
//
// Reads:      its slice; the authority's answers; requests of whoever reaches its port; the file of authorities.
// Writes:     log lines on standard error.
// Talks to:   tls (sign this, here is a certificate); the authority's server; name servers; posternd.
// Privileges: its own user; outbound sockets and one port to listen on; the one file. It has no keys. Taken over, it can keep certificates
//             from being renewed, and have the authority make some for the names of the configuration, to which it has no key.
using Postern.Acme;
using Postern.Role;
using Postern.Role.Confining;
using Postern.Tls.Native;

// Before the walls, and on either side of the threshold: what is loaded then may be loaded again behind it, and nothing else.
var problem = OpenSsl.Open();
var declaration = AcmeDeclaration.Own with
{
    Places = slice => AcmeSettings.Read(slice) is { } settings ? [new Place(settings.Authorities, FileUse.Read)] : [],
};
return ProgramHost.Run("acme", declaration, context => new AcmeProgram(context, problem));
