using Postern.Remote;
using Postern.Role;
using Postern.Sasl;
using Postern.Tls.Native;

// postern-remote: hands messages to other servers by SMTP and LMTP, within TLS where it can and where it must.
// Reads: attempts and content from the queue; replies of other servers; answers of name servers; the file of authorities; passwords,
// certificates and keys for servers that it logs in at.
// Writes: commands and content to other servers; results to the queue; the policies of domains, who had TLS, and counts of sessions, in a
// folder of its own; reports about TLS to whoever asks for them.
// Talks to: queue, name servers, the mail servers of the world, and the web servers that have their policies or want their reports.
// Privileges: its own user; outbound sockets, those of this host only where a route leads to one; the one file and the one folder, and
// the folders of what it logs in with.

// Before the walls, and on either side of the threshold: what is loaded then may be loaded again behind it, and nothing else.
var problem = OpenSsl.Open();
ScramClientExchange.Warm();
var declaration = RemoteDeclaration.Own with { Places = RemoteSettings.PlacesOf, SocketsOf = RemoteSettings.SocketsOf };
return ProgramHost.Run("remote", declaration, context => new RemoteProgram(context, problem));
