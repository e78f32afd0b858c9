using System.Buffers.Binary;
using System.Globalization;
using Postern.Bench.Fill;
using Postern.Spool;

// Fill FOLDER MESSAGES [BYTES [RECIPIENTS [ready]]]: a queue's folder with so many messages, deferred or (ready) never tried.
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: Fill FOLDER MESSAGES [BYTES [RECIPIENTS [ready]]]");
    return 64;
}

var messages = NumberAt(1, 0);
var bytes = NumberAt(2, 1024);
var recipients = NumberAt(3, 1);
var ready = args.Length > 4;
Directory.CreateDirectory(args[0], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
if (!PosixDisk.Open(args[0], writable: true, out var disk).Ok)
{
    Console.Error.WriteLine($"{args[0]} can't be opened.");
    return 74;
}

using var log = new SegmentLog(disk!, new LogOptions { ZeroedPerCall = 0 });
Succeeded(log.Recover(new Nobody(), out _));
var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
var generation = (uint)now - 1;
var mail = new QueuedMail(generation, now);
var start = new byte[4];
BinaryPrimitives.WriteUInt32LittleEndian(start, generation);
Append(RecordKind.Start, start);
for (var number = 0; number < messages; number++)
{
    var content = Append(RecordKind.Content, mail.Content(number, bytes));
    Append(RecordKind.Envelope, mail.Envelope(number, bytes, recipients, content));
    for (var recipient = 0; recipient < recipients && !ready; recipient++)
    {
        Append(RecordKind.Result, mail.Deferred(number, recipient));
    }

    // As many as a busy server takes with one sync.
    if (number % 20 == 19)
    {
        Succeeded(log.WriteOut());
    }

    if (number % 1000 == 999)
    {
        Succeeded(log.Commit());
    }
}

Succeeded(log.Commit());
return 0;

int NumberAt(int place, int otherwise) => args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;

RecordPosition Append(RecordKind kind, ReadOnlySpan<byte> payload)
{
    Succeeded(log.Append(kind, payload, out var position));
    return position;
}

void Succeeded(LogResult result)
{
    if (result != LogResult.Success)
    {
        throw new IOException($"{result}: {log.LastFailure}");
    }
}

/// <summary>Nobody reads what a new log holds: nothing.</summary>
internal sealed class Nobody : ILogVisitor
{
    /// <inheritdoc/>
    public void Checkpoint(ReadOnlySpan<byte> piece)
    {
    }

    /// <inheritdoc/>
    public void Record(RecordKind kind, RecordPosition position, int length, ReadOnlySpan<byte> payload)
    {
    }

    /// <inheritdoc/>
    public void Damaged(Damage damage)
    {
    }
}
