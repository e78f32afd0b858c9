using Postern.Remote;
using Postern.Role;
using Postern.Role.Confining;

// postern-remote: hands messages to other servers by SMTP and LMTP.
// Reads: attempts and content from the queue; replies of other servers; answers of name servers.
// Writes: commands and content to other servers; results to the queue.
// Talks to: queue, name servers, the mail servers of the world.
// Privileges: its own user; outbound sockets and nothing else. No files.
var declaration = new Declaration { Sockets = SocketUse.Tcp | SocketUse.Udp | SocketUse.Unix };
return ProgramHost.Run("remote", declaration, context => new RemoteProgram(context));
