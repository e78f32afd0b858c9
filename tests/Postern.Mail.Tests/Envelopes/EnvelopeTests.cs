namespace Postern.Mail.Tests.Envelopes;

/// <summary>What an envelope holds when nothing was said, and which numbers mean something.</summary>
public class EnvelopeTests
{
    [Fact]
    public void Defaults_AreThoseOfAPlainMessage()
    {
        Assert.True(Mailbox.TryParse("u@a.test", out var mailbox));
        var envelope = new Envelope { Sender = null, Recipients = [new EnvelopeRecipient { Mailbox = mailbox }] };
        Assert.True(envelope.EnvelopeId.IsEmpty);
        Assert.Equal(ReturnContent.Unspecified, envelope.ReturnContent);
        Assert.Equal(BodyType.SevenBit, envelope.Body);
        Assert.False(envelope.SmtpUtf8);
        Assert.Equal(NotifyOn.Unspecified, envelope.Recipients[0].NotifyOn);
        Assert.Equal(RecipientFlags.None, envelope.Recipients[0].Flags);
        Assert.True(envelope.Recipients[0].OriginalRecipient.IsEmpty);
    }

    [Fact]
    public void NotifyNever_StandsAlone()
    {
        for (int value = 0; value < 256; value++)
        {
            bool expected = value is 0 or 1 || (value < 16 && value % 2 == 0);
            Assert.Equal(expected, DeliveryRequests.IsValid((NotifyOn)value));
        }
    }

    [Fact]
    public void NumbersWithoutAName_AreRefused()
    {
        Assert.True(DeliveryRequests.IsValid(ReturnContent.Headers));
        Assert.False(DeliveryRequests.IsValid((ReturnContent)3));
        Assert.True(DeliveryRequests.IsValid(BodyType.EightBitMime));
        Assert.False(DeliveryRequests.IsValid((BodyType)2));
        Assert.True(DeliveryRequests.IsValid(RecipientFlags.Final | RecipientFlags.Expanded));
        Assert.False(DeliveryRequests.IsValid((RecipientFlags)4));
        Assert.True(DeliveryRequests.IsValid(MailProtocol.Internal));
        Assert.False(DeliveryRequests.IsValid((MailProtocol)8));
    }

    [Theory]
    [InlineData(MailProtocol.Unknown, false)]
    [InlineData(MailProtocol.Smtp, true)]
    [InlineData(MailProtocol.Utf8Lmtp, true)]
    [InlineData(MailProtocol.Local, false)]
    [InlineData(MailProtocol.Internal, false)]
    public void Origin_HasAClientWhenItCameOverTheNetwork(MailProtocol protocol, bool hasClient) =>
        Assert.Equal(hasClient, new MessageOrigin(protocol).HasClient);
}
