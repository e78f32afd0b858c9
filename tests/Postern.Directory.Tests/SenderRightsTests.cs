using System.Text;
using Postern.Directory.Tables;
using Postern.Ipc.Directory;

namespace Postern.Directory.Tests;

/// <summary>From which addresses somebody who has logged in may send (D10).</summary>
public class SenderRightsTests
{
    [Theory]
    // His own, in any spelling, and with an extension.
    [InlineData("u@a.test", "u@a.test", true)]
    [InlineData("u@a.test", "U@A.test", true)]
    [InlineData("u@a.test", "u+lists@a.test", true)]
    [InlineData("u@a.test", "v@a.test", false)]
    // What reaches him, alone or among others.
    [InlineData("u@a.test", "info@a.test", true)]
    [InlineData("v@a.test", "info@a.test", false)]
    [InlineData("u@a.test", "team@a.test", true)]
    [InlineData("v@a.test", "team@a.test", true)]
    [InlineData("u@a.test", "chain@a.test", true)]
    [InlineData("u@a.test", "away@a.test", false)]
    [InlineData("u@a.test", "postmaster@a.test", true)]
    // Nobody's, and others'.
    [InlineData("u@a.test", "nobody@a.test", false)]
    [InlineData("u@a.test", "u@f.test", false)]
    [InlineData("u@a.test", "broken", false)]
    // An account without a mailbox has its own name.
    [InlineData("printer@a.test", "printer@a.test", true)]
    [InlineData("printer@f.test", "printer@f.test", true)]
    [InlineData("printer@a.test", "u@a.test", false)]
    [InlineData("printer@a.test", "info@a.test", false)]
    [InlineData("printer", "u@a.test", false)]
    // Nor is it the one whose mail with an extension it looks like.
    [InlineData("u-jane@a.test", "u@a.test", false)]
    [InlineData("u-jane@a.test", "info@a.test", false)]
    [InlineData("u+jane@a.test", "u@a.test", false)]
    [InlineData("info-x@a.test", "u@a.test", false)]
    [InlineData("", "u@a.test", false)]
    public void Sender_IsTheUsersOwnOrNot(string login, string address, bool may)
    {
        var book = Books.Read(slice => slice.Domain("a.test").Mailbox("u@a.test").Mailbox("v@a.test")
            .Alias("info@a.test", "u").Alias("team@a.test", "u", "v", "x@f.test").Alias("chain@a.test", "info").Alias("away@a.test", "x@f.test")
            .Alias("postmaster@a.test", "u"));
        Assert.Equal(may ? AddressVerdict.Local : AddressVerdict.Foreign, SenderRights.Judge(book, Encoding.UTF8.GetBytes(login), Encoding.UTF8.GetBytes(address)));
    }
}
