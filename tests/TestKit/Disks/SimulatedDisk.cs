using Postern.Posix.Files;
using Postern.Spool;

namespace Postern.TestKit;

/// <summary>A disk that forgets, tears and fails as real ones do, and that catches a program relying on it.</summary>
/// <remarks>
/// A write is in memory until its file is synced. A crash keeps any part of what was not synced, 512 bytes by 512 bytes,
/// and any of the changes of names that were not. A failed sync loses what it was to save although reads still show it,
/// and a second sync of the same file is an error of the program under test.
/// </remarks>
public sealed class SimulatedDisk : ISpoolDisk
{
    private readonly Dictionary<string, SimulatedFile> _durable = [];
    private readonly Dictionary<string, SimulatedFile> _names = [];
    private readonly List<NameChange> _changes = [];
    private bool _locked;

    /// <summary>Bytes that files may have together.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>The number of the sync, of a file or of the names, that fails; 0 for none.</summary>
    public int FailingSync { get; set; }

    /// <summary>The number of the sync before which the program is killed; 0 for none.</summary>
    public int DeadlySync { get; set; }

    /// <summary>The number of the write that fails halfway; 0 for none.</summary>
    public int FailingWrite { get; set; }

    /// <summary>What a failing write reports: EIO unless set.</summary>
    public int WriteError { get; set; } = 5;

    /// <summary>Files that can't be opened, and the error that says so.</summary>
    public Dictionary<string, int> Unopenable { get; } = [];

    /// <summary>Pages of 4096 bytes, by file and number, that can't be read, and the error that says so.</summary>
    public Dictionary<(string Name, long Page), int> Unreadable { get; } = [];

    /// <summary>Files that are open.</summary>
    public int OpenFiles { get; private set; }

    /// <summary>True to let a program sync again after a failure, which then seems to succeed, as on Linux.</summary>
    public bool ForgivesRetries { get; set; }

    /// <summary>How many syncs there were.</summary>
    public int Syncs { get; private set; }

    /// <summary>How many writes there were.</summary>
    public int Writes { get; private set; }

    /// <summary>How many reads of files there were.</summary>
    public int Reads { get; internal set; }

    /// <summary>How many bytes of files were read.</summary>
    public long ReadBytes { get; internal set; }

    /// <summary>The names of the files.</summary>
    public IEnumerable<string> Names => _names.Keys.Order(StringComparer.Ordinal);

    /// <summary>Bytes that the files have together.</summary>
    public long UsedBytes => _names.Values.Sum(file => file.Size);

    /// <summary>A copy of a file's content as a read would show it.</summary>
    public byte[] this[string name]
    {
        get => [.. _names[name].Shown];
        set => _names[name] = _durable[name] = new SimulatedFile(this, [.. value]);
    }

    /// <summary>A file's content as a read would show it, without a copy: until the next change to it.</summary>
    public ReadOnlyMemory<byte> Look(string name) => _names[name].Content;

    /// <summary>What is there when the power comes back.</summary>
    /// <param name="keeps">Asked for each sector and each change of a name that was not synced: whether it survived.</param>
    public SimulatedDisk Crash(Func<bool> keeps)
    {
        var left = new SimulatedDisk { Capacity = Capacity };
        var names = new Dictionary<string, SimulatedFile>(_durable);
        foreach (var change in _changes.Where(_ => keeps())) change.Apply(names);
        foreach (var (name, file) in names)
            left._names[name] = left._durable[name] = new SimulatedFile(left, file.AfterCrash(keeps));
        return left;
    }

    /// <summary>What is there when only the program dies: everything that it asked for.</summary>
    public SimulatedDisk Kill()
    {
        var left = new SimulatedDisk { Capacity = Capacity };
        foreach (var (name, file) in _names) left._names[name] = left._durable[name] = file.Copy(left);
        return left;
    }

    /// <summary>Removes a file as a careless administrator would.</summary>
    public void Lose(string name)
    {
        _names.Remove(name);
        _durable.Remove(name);
    }

    /// <inheritdoc/>
    public FileResult Lock()
    {
        if (_locked) return FileResult.Failure(11);
        _locked = true;
        return FileResult.Of(0);
    }

    /// <inheritdoc/>
    public FileResult List(List<string> names)
    {
        names.AddRange(_names.Keys);
        return FileResult.Of(names.Count);
    }

    /// <inheritdoc/>
    public FileResult Open(string name, out ISpoolFile? file)
    {
        file = null;
        if (Unopenable.TryGetValue(name, out int error)) return FileResult.Failure(error);
        file = _names.TryGetValue(name, out var found) ? new OpenFile(this, name, found) : null;
        return file is null ? FileResult.Failure(2) : FileResult.Of(0);
    }

    /// <inheritdoc/>
    public FileResult Create(string name, long size, out ISpoolFile? file)
    {
        file = null;
        if (_names.ContainsKey(name)) return FileResult.Failure(17);
        if (GetFreeBytes().Value < size) return FileResult.Failure(28);
        var made = new SimulatedFile(this, new byte[size]) { IsNew = true };
        Change(new NameChange(null, name, made));
        file = new OpenFile(this, name, made);
        return FileResult.Of(0);
    }

    /// <inheritdoc/>
    public FileResult Rename(string name, string newName)
    {
        if (!_names.TryGetValue(name, out var file)) return FileResult.Failure(2);
        if (_names.ContainsKey(newName)) return FileResult.Failure(17);
        Change(new NameChange(name, newName, file));
        return FileResult.Of(0);
    }

    /// <inheritdoc/>
    public FileResult Remove(string name)
    {
        if (!_names.TryGetValue(name, out var file)) return FileResult.Failure(2);
        Change(new NameChange(name, null, file));
        return FileResult.Of(0);
    }

    /// <inheritdoc/>
    public FileResult Sync()
    {
        if (SyncFails()) return FileResult.Failure(5);
        foreach (var change in _changes) change.Apply(_durable);
        _changes.Clear();
        return FileResult.Of(0);
    }

    /// <inheritdoc/>
    public FileResult GetFreeBytes() => FileResult.Of(Math.Max(0, Capacity - UsedBytes));

    /// <inheritdoc/>
    public void Dispose() => _locked = false;

    internal bool SyncFails() => ++Syncs == DeadlySync ? throw new SimulatedDeathException() : Syncs == FailingSync;

    internal bool WriteFails() => ++Writes == FailingWrite;

    private void Change(NameChange change)
    {
        change.Apply(_names);
        _changes.Add(change);
    }

    /// <summary>The program was killed: nobody but the test may catch this.</summary>
    public sealed class SimulatedDeathException : Exception;

    /// <summary>An open file, of no use once closed.</summary>
    private sealed class OpenFile : ISpoolFile
    {
        private const int Page = 4096;

        private readonly SimulatedDisk _disk;
        private readonly string _name;
        private readonly SimulatedFile _file;
        private bool _closed;

        internal OpenFile(SimulatedDisk disk, string name, SimulatedFile file)
        {
            (_disk, _name, _file) = (disk, name, file);
            _disk.OpenFiles++;
        }

        public long Size => Now.Size;

        private SimulatedFile Now => _closed ? throw new ObjectDisposedException(nameof(OpenFile)) : _file;

        public FileResult Read(long offset, Span<byte> destination)
        {
            for (long page = offset / Page; page * Page < offset + destination.Length; page++)
            {
                if (_disk.Unreadable.TryGetValue((_name, page), out int error)) return FileResult.Failure(error);
            }

            return Now.Read(offset, destination);
        }

        public FileResult Write(long offset, ReadOnlySpan<byte> source) => Now.Write(offset, source);

        public FileResult Sync() => Now.Sync();

        public void DropCache() => Now.DropCache();

        public void Dispose()
        {
            _disk.OpenFiles -= _closed ? 0 : 1;
            _closed = true;
        }
    }

    /// <summary>A name was made, changed or removed.</summary>
    private sealed record NameChange(string? From, string? To, SimulatedFile File)
    {
        internal void Apply(Dictionary<string, SimulatedFile> names)
        {
            if (From is not null && (!names.TryGetValue(From, out var there) || there != File)) return;
            if (From is not null) names.Remove(From);
            if (To is not null) names[To] = File;
        }
    }
}
