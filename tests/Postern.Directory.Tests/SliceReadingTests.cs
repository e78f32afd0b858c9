using Postern.Directory.Tables;

namespace Postern.Directory.Tests;

public sealed class SliceReadingTests
{
    [Fact]
    public void SliceCutAnywhere_IsRefusedUnlessAFrameEndsThere()
    {
        var whole = Books.Write(slice => slice.Domain("a.test").Mailbox("u@a.test").Alias("x@a.test", "u").Relayed("r.test"));
        var taken = 0;
        for (var length = 0; length < whole.Length; length++)
        {
            taken += AddressBookBuilder.TryRead(whole.AsSpan(0, length), out _) ? 1 : 0;
        }

        // After the first frame and after each of the three that follow.
        Assert.Equal(4, taken);
        Assert.True(AddressBookBuilder.TryRead(whole, out _));
    }

    [Theory]
    // A folder is one part below the domain's, and readable.
    [InlineData("\"../x\"@a.test")]
    [InlineData("a/b@a.test")]
    [InlineData("\"a\\\\b\"@a.test")]
    [InlineData("\".x\"@a.test")]
    [InlineData("\"a b\"@a.test")]
    [InlineData("u@[192.0.2.1]")]
    [InlineData("u")]
    [InlineData("")]
    public void MailboxThatCannotBeAFolder_IsRefused(string address) =>
        Assert.False(AddressBookBuilder.TryRead(Books.Write(slice => slice.Domain("a.test").Mailbox(address)), out _));

    [Theory]
    [InlineData("", "u@a.test")]
    [InlineData("@", "u@a.test")]
    [InlineData("@..", "u@a.test")]
    [InlineData("a@b@c", "u@a.test")]
    [InlineData("x@a.test", "")]
    [InlineData("x@a.test", "a@b@c")]
    [InlineData("x", "")]
    [InlineData("x", "u\n")]
    [InlineData("x\u007f", "u")]
    public void AliasThatIsNone_IsRefused(string key, string target) =>
        Assert.False(AddressBookBuilder.TryRead(Books.Write(slice => slice.Domain("a.test").Alias(key, target)), out _));

    [Fact]
    public void NameThatIsNone_IsRefused()
    {
        Assert.False(AddressBookBuilder.TryRead(Books.Write(_ => { }, host: "not a name"), out _));
        Assert.False(AddressBookBuilder.TryRead(Books.Write(slice => slice.Domain("a..test")), out _));
        Assert.False(AddressBookBuilder.TryRead(Books.Write(slice => slice.Relayed("")), out _));
        Assert.False(AddressBookBuilder.TryRead([], out _));
    }

    [Fact]
    public void FirstFrameInAnotherPlace_IsRefused()
    {
        var whole = Books.Write(slice => slice.Domain("a.test"));
        var second = Books.Write(_ => { });
        Assert.False(AddressBookBuilder.TryRead(whole.AsSpan(second.Length), out _));
        Assert.False(AddressBookBuilder.TryRead([.. whole, .. second], out _));
    }
}
