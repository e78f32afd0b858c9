using System.Text;
using Postern.Directory.Tables;
using Postern.Ipc.Slices;

namespace Postern.Directory.Tests;

/// <summary>Writes slices as postern-config would, and reads them.</summary>
internal static class Books
{
    /// <summary>What most tests ask: two users, one domain, mx.a.test as the host.</summary>
    public static AddressBook Ordinary => Read(slice => slice.Domain("a.test").Mailbox("u@a.test").Mailbox("v@a.test"));

    public static AddressBook Read(Action<Slice> fill, bool systemUsers = false)
    {
        Assert.True(AddressBookBuilder.TryRead(Write(fill, systemUsers), out var book));
        return book;
    }

    public static AddressBook ReadWithUsers(string passwd, Action<Slice> fill) =>
        Read(fill, systemUsers: true).With(SystemUserSet.Read(Encoding.ASCII.GetBytes(passwd), own: 990));

    public static byte[] Write(Action<Slice> fill, bool systemUsers = false, string host = "mx.a.test")
    {
        var slice = new Slice(host, systemUsers);
        fill(slice);
        return slice.Bytes;
    }

    public static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);
}

/// <summary>A slice in the making.</summary>
internal sealed class Slice
{
    private readonly SliceWriter _writer = new();

    public Slice(string host, bool systemUsers) =>
        _writer.Add(new DirectorySlice { HostName = host, SystemUsers = systemUsers });

    public byte[] Bytes => _writer.Bytes.ToArray();

    public Slice Domain(string name)
    {
        _writer.Add(new DomainSlice { Domain = name });
        return this;
    }

    public Slice Relayed(string name)
    {
        _writer.Add(new RelayedDomainSlice { Domain = name });
        return this;
    }

    public Slice Mailbox(string address)
    {
        _writer.Add(new MailboxSlice { Address = Encoding.UTF8.GetBytes(address) });
        return this;
    }

    public Slice Alias(string key, params string[] targets)
    {
        foreach (var target in targets)
        {
            _writer.Add(new AliasSlice { Key = Encoding.UTF8.GetBytes(key), Target = Encoding.UTF8.GetBytes(target) });
        }

        return this;
    }
}
