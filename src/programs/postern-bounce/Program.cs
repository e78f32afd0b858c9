// postern-bounce: writes delivery status notifications.
//
// Reads:      its slice; what queue tells it of a message and its recipients, and the message's header or content.
// Writes:     nothing.
// Talks to:   queue.
// Privileges: its own user; no files, no network. What it reads comes from one message, and what it writes becomes one
//             message to that one's sender. Taken over, it chooses the text of notifications, not where they go.
using Postern.Bounce;
using Postern.Role;

return ProgramHost.Run("bounce", BounceDeclaration.Own, context => new BounceProgram(context));
