using System.Diagnostics;
using System.Text;
using Postern.Deliver.Disk;
using Postern.Deliver.Maildir;
using Postern.Ipc.Directory;

namespace Postern.Deliver.Tests;

/// <summary>A folder of its own for each test: root, home and postmaster's Maildir, and a place outside that must stay empty.</summary>
internal sealed class Mailboxes : IDisposable
{
    internal const string Host = "mx.a.test";

    private static readonly byte[] _fields = "Return-Path: <s@f.test>\nDelivered-To: u@a.test\n"u8.ToArray();

    internal Mailboxes(MaildirCalls? calls = null)
    {
        Folder = Directory.CreateTempSubdirectory("postern-deliver-").FullName;
        foreach (var name in new[] { "root", "home", "postmaster", "outside" })
        {
            Directory.CreateDirectory(Path.Join(Folder, name));
        }

        Names = new MessageNames(new FixedTime(), process: 42, Host);
        Access = new MaildirAccess(calls ?? new MaildirCalls(), new MailboxBases(At("root"), At("home"), At("postmaster")), Names);
    }

    /// <summary>Where u@a.test's mail goes.</summary>
    internal static MailboxPlace Virtual => Place(MailboxKind.Virtual, "a.test/u");

    internal string Folder { get; }

    internal MessageNames Names { get; }

    internal MaildirAccess Access { get; }

    public void Dispose()
    {
        // A worker that was not waited for may be making a folder just now.
        for (var tries = 1; ; tries++)
        {
            try
            {
                Directory.Delete(Folder, recursive: true);
                return;
            }
            catch (IOException) when (tries < 1000)
            {
                Thread.Yield();
            }
        }
    }

    internal static MailboxPlace Place(MailboxKind kind, string folder)
    {
        Assert.True(MailboxPlace.TryRead(kind, Encoding.UTF8.GetBytes(folder), out var place));
        return place;
    }

    /// <summary>A path below the test's folder.</summary>
    internal string At(string path) => Path.Join(Folder, path);

    /// <summary>A message of one line for a mailbox.</summary>
    internal static DeliverWork Work(MailboxPlace place, string content = "Subject: t\n\nbody\n", int recipient = 0) =>
        new(place, _fields, new GatheredContent(Encoding.Latin1.GetBytes(content))) { Recipient = recipient, Completed = _ => { } };

    /// <summary>Does what a worker thread does with the works of one round.</summary>
    internal void Run(params DiskWork[] works)
    {
        using var folders = new OpenFolders(Access);
        Array.ForEach(works, work => work.Write(folders));
        Array.ForEach(works, work => work.Publish());
        Array.ForEach(works, work => work.Settle());
    }

    internal DeliverWork Deliver(MailboxPlace place, string content = "Subject: t\n\nbody\n")
    {
        var work = Work(place, content);
        Run(work);
        return work;
    }

    internal string[] Files(string path) =>
        Directory.Exists(At(path)) ? [.. Directory.GetFileSystemEntries(At(path)).Select(name => Path.GetFileName(name)!).Order(StringComparer.Ordinal)] : [];

    internal void AssertOutsideIsEmpty() => Assert.Empty(Directory.GetFileSystemEntries(At("outside")));

    internal void MakeMaildir(string path)
    {
        foreach (var name in new[] { "tmp", "new", "cur" })
        {
            Directory.CreateDirectory(At(Path.Join(path, name)));
        }
    }

    internal void MakePipe(string path)
    {
        using var made = Process.Start("mkfifo", [At(path)]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }

    /// <summary>Gives a file a second name.</summary>
    internal void Link(string file, string path)
    {
        using var made = Process.Start("ln", [file, At(path)]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }

    /// <summary>2026-11-23 20:00:00.000042 UTC, for ever: names can be predicted, as an attacker would.</summary>
    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(1_795_464_000).AddMicroseconds(42);
    }
}

/// <summary>The name in tmp of the n-th message of a <see cref="Mailboxes"/>.</summary>
internal static class Predicted
{
    internal static string Name(int number) => $"1795464000.M000042P42Q{number}.{Mailboxes.Host}";
}
