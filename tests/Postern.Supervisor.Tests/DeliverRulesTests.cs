using Postern.Ipc.Control;
using Postern.Posix.Processes;

namespace Postern.Supervisor.Tests;

/// <summary>Whom mail may be delivered as, whatever `local` asks for.</summary>
public sealed class DeliverRulesTests
{
    private const uint Root = 0;
    private const uint Caller = 1000;

    private static readonly Dictionary<string, SystemUser> _users = new SystemUser[]
    {
        new("root", 0, 0, "/root"),
        new("toor", 0, 1000, "/root"),
        new("daemon", 1, 1, "/usr/sbin"),
        new("last-system", 999, 999, "/var/lib/x"),
        new("alice", 1000, 1000, "/home/alice"),
        new("bob", 1001, 1001, "/home/bob"),
        new("in-group-root", 1002, 0, "/home/x"),
        new("nobody", 65534, 65534, "/nonexistent"),
        new("postern-mail", 990, 990, "/var/empty"),
    }.ToDictionary(user => user.Name);

    [Theory]
    [InlineData("alice", DeliverStart.Started)]
    [InlineData("bob", DeliverStart.Started)]
    // Root under either of its names.
    [InlineData("root", DeliverStart.Forbidden)]
    [InlineData("toor", DeliverStart.Forbidden)]
    // System accounts own programs' files, not mail.
    [InlineData("daemon", DeliverStart.Forbidden)]
    [InlineData("last-system", DeliverStart.Forbidden)]
    [InlineData("postern-mail", DeliverStart.Forbidden)]
    // Shared with whatever else has no user of its own.
    [InlineData("nobody", DeliverStart.Forbidden)]
    // The group of root may write what only root should.
    [InlineData("in-group-root", DeliverStart.Forbidden)]
    [InlineData("carol", DeliverStart.NoUser)]
    public void AsRoot_MailIsDeliveredAsPersonsOnly(string name, DeliverStart verdict)
    {
        Assert.Equal(verdict, Judge(name, Root, systemUsers: true, out var account));
        if (verdict == DeliverStart.Started)
        {
            Assert.Equal(name, account!.Name);
        }
    }

    [Theory]
    [InlineData("alice", DeliverStart.Started)]
    [InlineData("bob", DeliverStart.Forbidden)]
    [InlineData("root", DeliverStart.Forbidden)]
    [InlineData("carol", DeliverStart.NoUser)]
    public void WithoutRoot_TheCallerAloneGetsMail(string name, DeliverStart verdict) =>
        Assert.Equal(verdict, Judge(name, Caller, systemUsers: true, out _));

    [Theory]
    [InlineData(Root)]
    [InlineData(Caller)]
    public void WithoutSystemUsersInTheConfiguration_NobodyIsOne(uint own) =>
        Assert.Equal(DeliverStart.NoUser, Judge("alice", own, systemUsers: false, out _));

    [Fact]
    public void VirtualMailboxes_BelongToTheirOwnUser()
    {
        Assert.Equal(DeliverStart.Started, Judge("", Root, systemUsers: false, out var account));
        Assert.Equal("postern-mail", account!.Name);
        Assert.Equal(DeliverStart.Started, Judge("", Caller, systemUsers: false, out account));
        Assert.Null(account);
    }

    [Theory]
    // An administrator's slip must not make deliver run as root.
    [InlineData("root")]
    [InlineData("toor")]
    [InlineData("in-group-root")]
    [InlineData("gone")]
    public void VirtualMailboxes_NeverBelongToRoot(string owner)
    {
        var configuration = Slices.Of("/srv") with { MailboxUser = owner };
        Assert.Equal(DeliverStart.NoUser, DeliverRules.Judge("", configuration, Root, _users.GetValueOrDefault, out _));
    }

    [Theory]
    // It would take mail for people and could deliver to none of them.
    [InlineData("nobody", false)]
    [InlineData("daemon", false)]
    [InlineData("in-group-root", false)]
    [InlineData("gone", false)]
    [InlineData("alice", true)]
    [InlineData("root", true)]
    public void SystemUsers_NeedRootOrAPersonAsCaller(string caller, bool fits)
    {
        var account = _users.GetValueOrDefault(caller);
        var fault = DeliverRules.Fault(Slices.Of("/srv", systemUsers: true), account?.Uid ?? 4711, account);
        Assert.Equal(fits, fault is null);
        Assert.Null(DeliverRules.Fault(Slices.Of("/srv"), account?.Uid ?? 4711, account));
    }

    private static DeliverStart Judge(string name, uint own, bool systemUsers, out SystemUser? account) =>
        DeliverRules.Judge(name, Slices.Of("/srv", systemUsers), own, _users.GetValueOrDefault, out account);
}
