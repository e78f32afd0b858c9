using Postern.Queue;
using Postern.Role;
using Postern.Role.Confining;

// postern-queue: the log, the schedule, who delivers what when.
// Reads: the queue folder; frames from smtpd, local submitters, local, remote, bounce and administrators.
// Writes: the queue folder.
// Talks to: smtpd (takes messages), local and remote (hands attempts over), bounce (has notifications composed).
// Privileges: its own user; the queue folder and nothing else.
return ProgramHost.Run("queue", QueueDeclaration.Own with { Places = Places }, context => new QueueProgram(context));

static IReadOnlyList<Place> Places(ReadOnlySpan<byte> slice) => QueueSettings.Read(slice) is not { } settings ? []
    : [new Place(settings.Folder, QueueDeclaration.Beneath)];
