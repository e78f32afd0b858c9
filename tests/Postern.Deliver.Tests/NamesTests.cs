using System.Text;
using Postern.Deliver.Content;
using Postern.Deliver.Maildir;
using Postern.Ipc.Directory;

namespace Postern.Deliver.Tests;

public sealed class NamesTests
{
    [Fact]
    public void NamesOfMessages_HaveTheMaildirFormAndDiffer()
    {
        using var mailboxes = new Mailboxes();
        Assert.Equal("1795464000.M000042P42Q1.mx.a.test", mailboxes.Names.Next());
        Assert.Equal("1795464000.M000042P42Q2.mx.a.test", mailboxes.Names.Next());
        Assert.Equal("x,S=17", MessageNames.WithSize("x", 17));
    }

    [Fact]
    public void HostInAName_IsEscapedAndNotTooLong()
    {
        Assert.EndsWith(".a\\057b\\072c", new MessageNames(TimeProvider.System, 1, "a/b:c").Next(), StringComparison.Ordinal);
        Assert.True(new MessageNames(TimeProvider.System, int.MaxValue, new string('h', 255)).Next().Length < 240);
    }

    [Theory]
    [InlineData("1795464000.M000042P42Q1.mx.a.test", true)]
    [InlineData("1.M1P1Q1.h", true)]
    // Names of other programs' deliveries are theirs to clean up.
    [InlineData("1795464000.12345.host", false)]
    [InlineData("1795464000.M42P42.host", false)]
    [InlineData("1795464000.P42Q1.host", false)]
    [InlineData(".M1P1Q1.h", false)]
    [InlineData("x.M1P1Q1.h", false)]
    [InlineData("1.M1P1Q1", false)]
    [InlineData("1.M1P1Q1.", false)]
    [InlineData("1.MP1Q1.h", false)]
    [InlineData("1.M", false)]
    [InlineData("1.", false)]
    [InlineData("", false)]
    public void OwnNames_AreRecognised(string name, bool ours) => Assert.Equal(ours, MessageNames.IsOurs(Encoding.ASCII.GetBytes(name)));

    [Theory]
    [InlineData(MailboxKind.Virtual, "a.test/u", true)]
    [InlineData(MailboxKind.Virtual, "a.test/..", false)]
    [InlineData(MailboxKind.Virtual, "../u", false)]
    [InlineData(MailboxKind.Virtual, "a.test/.u", false)]
    [InlineData(MailboxKind.Virtual, "a.test/u/v", false)]
    [InlineData(MailboxKind.Virtual, "/u", false)]
    [InlineData(MailboxKind.Virtual, "a.test/", false)]
    [InlineData(MailboxKind.Virtual, "a.test", false)]
    [InlineData(MailboxKind.Virtual, "/etc/passwd", false)]
    [InlineData(MailboxKind.Virtual, "a.test/u\0", false)]
    [InlineData(MailboxKind.Virtual, "a.test/u\n", false)]
    [InlineData(MailboxKind.Virtual, "", false)]
    // The other kinds have one folder each, which nobody names.
    [InlineData(MailboxKind.System, "", true)]
    [InlineData(MailboxKind.System, "x/y", false)]
    [InlineData(MailboxKind.Postmaster, "", true)]
    [InlineData(MailboxKind.Postmaster, "x/y", false)]
    public void Place_IsTwoPlainNamesOrNone(MailboxKind kind, string folder, bool good) =>
        Assert.Equal(good, MailboxPlace.TryRead(kind, Encoding.Latin1.GetBytes(folder), out _));

    [Fact]
    public void PlaceOfAnotherScript_KeepsItsBytes()
    {
        Assert.True(MailboxPlace.TryRead(MailboxKind.Virtual, "a.test/\u00fc"u8, out var place));
        Assert.Equal("a.test/\u00fc/tmp"u8.ToArray(), place.PathTo("tmp"u8));
    }

    [Fact]
    public void FieldsOnTop_NameSenderAndRecipient()
    {
        Assert.Equal("Return-Path: <s@f.test>\nDelivered-To: u+x@a.test\n"u8.ToArray(), TopFields.Write("s@f.test"u8, "u+x@a.test"u8));
        Assert.Equal("Return-Path: <>\nDelivered-To: u@a.test\n"u8.ToArray(), TopFields.Write([], "u@a.test"u8));
    }

    [Theory]
    [InlineData("u@a.test", true)]
    [InlineData("\"a b\"@a.test", true)]
    [InlineData("\u00fc@a.test", true)]
    [InlineData("u\r\nBcc: x@a.test", false)]
    [InlineData("u\n@a.test", false)]
    [InlineData("u\0@a.test", false)]
    [InlineData("u\t@a.test", false)]
    [InlineData("u\u007f@a.test", false)]
    public void AddressThatWouldLeaveItsLine_IsNotHarmless(string address, bool harmless) =>
        Assert.Equal(harmless, TopFields.IsHarmless(Encoding.UTF8.GetBytes(address)));
}
