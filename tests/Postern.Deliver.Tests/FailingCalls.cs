using Postern.Deliver.Maildir;
using Postern.Posix.Files;

namespace Postern.Deliver.Tests;

/// <summary>The steps of a delivery, of which some fail.</summary>
internal sealed class FailingCalls(int error, Func<int, string, bool> fails) : MaildirCalls
{
    private readonly Lock _lock = new();

    /// <summary>The steps so far, by name.</summary>
    internal List<string> Steps { get; } = [];

    internal override FileResult OpenFolder(DirectoryHandle parent, ReadOnlySpan<byte> path, out DirectoryHandle? folder)
    {
        folder = null;
        return Fails() ? Failure : base.OpenFolder(parent, path, out folder);
    }

    internal override FileResult MakeFolder(DirectoryHandle parent, ReadOnlySpan<byte> name) =>
        Fails() ? Failure : base.MakeFolder(parent, name);

    internal override FileResult Create(DirectoryHandle folder, ReadOnlySpan<byte> name, out FileHandle? file)
    {
        file = null;
        return Fails() ? Failure : base.Create(folder, name, out file);
    }

    internal override FileResult Write(FileHandle file, long offset, ReadOnlySpan<byte> bytes)
    {
        if (!Fails())
        {
            return base.Write(file, offset, bytes);
        }

        // As a full disk does: some of it is written, then it fails.
        _ = base.Write(file, offset, bytes[..(bytes.Length / 2)]);
        return Failure;
    }

    internal override FileResult Read(FileHandle file, long offset, Span<byte> destination) =>
        Fails() ? Failure : base.Read(file, offset, destination);

    internal override FileResult Sync(FileHandle file) => Fails() ? Failure : base.Sync(file);

    internal override FileResult Close(FileHandle file)
    {
        var closed = base.Close(file);
        return Fails() ? Failure : closed;
    }

    internal override FileResult Rename(DirectoryHandle from, ReadOnlySpan<byte> name, DirectoryHandle to, ReadOnlySpan<byte> newName) =>
        Fails() ? Failure : base.Rename(from, name, to, newName);

    internal override FileResult SyncFolder(DirectoryHandle folder) => Fails() ? Failure : base.SyncFolder(folder);

    internal override FileResult Unlink(DirectoryHandle folder, ReadOnlySpan<byte> name) =>
        Fails() ? Failure : base.Unlink(folder, name);

    private FileResult Failure => FileResult.Failure(error);

    private bool Fails([System.Runtime.CompilerServices.CallerMemberName] string step = "")
    {
        lock (_lock)
        {
            Steps.Add(step);
            return fails(Steps.Count, step);
        }
    }
}
