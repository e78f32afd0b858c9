using System.Text;
using Postern.CommandLine.Server;
using Postern.Posix.Files;
using Postern.Sasl;

namespace Postern.CommandLine.Users;

/// <summary>The folder with the accounts: whoever changes them holds its lock, and puts a whole new file in the place of the old.</summary>
internal sealed class AccountFolder : IDisposable
{
    private const uint Mode = 0x180; // 0600

    /// <summary>Bytes of a file of attempts; arbitrary: the server's own have far fewer, those that a person put together may not.</summary>
    private const int MaxAttempts = 256 * 1024 * 1024;

    private readonly string _path;
    private readonly DirectoryHandle _folder;
    private FileHandle? _lock;

    private AccountFolder(string path, DirectoryHandle folder) => (_path, _folder) = (path, folder);

    /// <summary>Opens the folder of a server.</summary>
    /// <exception cref="CommandFailure">It is not there, or not the caller's to see.</exception>
    internal static AccountFolder Open(ServerSettings server)
    {
        var path = Path.Join(server.State, "auth");
        var opened = DirectoryHandle.Open(path, out var folder);
        return opened.Ok ? new AccountFolder(path, folder!)
            : opened.Fault == FileFault.NotFound ? throw new CommandFailure(ExitCode.NoInput, $"{path} is not there: the server makes it when it first starts")
            : opened.Fault == FileFault.Denied ? throw new CommandFailure(ExitCode.NoPermission, $"{path} is not yours to see: this is for root, or for who runs the server")
            : throw new CommandFailure(ExitCode.InputOutput, $"{path}: {opened}");
    }

    /// <summary>Keeps others from changing the accounts until this object is closed.</summary>
    internal AccountFolder Lock()
    {
        var opened = _folder.OpenFile("lock"u8, OpenFlags.ReadWrite | OpenFlags.Create, Mode, out _lock);
        // Root's would keep whoever runs the server from it for good.
        _ = opened.Ok && _folder.GetStatus(out var folder).Ok && _lock!.Give(folder.Uid, folder.Gid).Ok;
        var locked = opened.Ok ? _lock!.TryLock() : opened;
        return locked.Ok ? this : throw Failure(locked.Fault == FileFault.Busy ? "somebody else is changing the accounts" : locked.ToString());
    }

    /// <summary>All accounts, in the order of their names.</summary>
    internal List<Account> Read()
    {
        var text = ReadFile(AccountFile.FileName, AccountFile.MaxLength);
        return AccountFile.TryRead(text, out var accounts, out var fault) ? [.. accounts]
            : throw new CommandFailure(ExitCode.BadData, $"{_path}/accounts, line {fault!.Line}: {fault.Reason}");
    }

    /// <summary>All certificates, in the order of their file.</summary>
    internal List<UserCertificate> ReadCertificates()
    {
        var text = ReadFile(CertificateFile.FileName, CertificateFile.MaxLength);
        return CertificateFile.TryRead(text, out var certificates, out var fault) ? [.. certificates]
            : throw new CommandFailure(ExitCode.BadData, $"{_path}/certificates, line {fault!.Line}: {fault.Reason}");
    }

    /// <summary>Puts other accounts in the place of those that are there; the server reads them at the next login.</summary>
    internal void Write(IEnumerable<Account> accounts) => Put(AccountFile.FileName, AccountFile.Write(accounts));

    /// <summary>The same of certificates.</summary>
    internal void Write(IEnumerable<UserCertificate> certificates) => Put(CertificateFile.FileName, CertificateFile.Write(certificates));

    /// <summary>Every attempt to log in that is kept, the oldest first.</summary>
    internal IEnumerable<LoginRecord> Attempts() =>
        HistoryFiles.Logins.All.Concat(HistoryFiles.Failures.All).SelectMany(name => LoginHistory.Read(ReadFile(name.Span, MaxAttempts))).OrderBy(attempt => attempt.Time);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock?.Dispose();
        _folder.Dispose();
    }

    // It belongs to whom the folder belongs to: the program that reads it.
    private void Put(ReadOnlySpan<byte> name, byte[] text) => Must(WholeFile.Replace(_folder, name, text, isGiven: true));

    private byte[] ReadFile(ReadOnlySpan<byte> name, int most)
    {
        var opened = _folder.OpenFile(name, OpenFlags.Read | OpenFlags.NoWait, 0, out var file);
        if (opened.Fault == FileFault.NotFound)
        {
            return [];
        }

        using (file)
        {
            Must(opened);
            Must(file!.GetStatus(out var status));
            if (status.Size > most)
            {
                throw Failure($"{Encoding.ASCII.GetString(name)} has {status.Size} bytes");
            }

            var bytes = new byte[status.Size];
            var read = file.Read(0, bytes);
            Must(read);
            return bytes[..(int)read.Value];
        }
    }

    private void Must(FileResult result)
    {
        if (!result.Ok)
        {
            throw Failure(result.ToString());
        }
    }

    private CommandFailure Failure(string what) => new(ExitCode.InputOutput, $"{_path}: {what}");
}
