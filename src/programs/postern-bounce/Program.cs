using Postern.Bounce;
using Postern.Role;

// postern-bounce: writes delivery status notifications.
// Reads: what queue tells it of a message and its recipients, and the message's header or content.
// Writes: nothing.
// Talks to: queue.
// Privileges: none. What it reads comes from one message, and what it writes becomes one message to that one's sender.
return ProgramHost.Run("bounce", context => new BounceProgram(context));
