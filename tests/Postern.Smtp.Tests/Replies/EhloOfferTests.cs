using System.Buffers;
using CsCheck;

namespace Postern.Smtp.Tests.Replies;

/// <summary>Our offer, as it stands on the wire and as a client reads it.</summary>
public class EhloOfferTests
{
    [Fact]
    public void Offer_HasAKeywordPerLine()
    {
        var offer = new EhloOffer
        {
            Extensions = (SmtpExtensions)0x1fff,
            MaxSize = 50_000_000,
            AuthMechanisms = "PLAIN LOGIN",
            MaxRecipients = 1000,
            MaxHold = 86_400,
            LastRelease = new DateTimeOffset(2026, 11, 29, 1, 2, 3, 999, TimeSpan.FromHours(1)),
        };
        Assert.Equal(
            "250-mx.a.test\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250-CHUNKING\r\n"
            + "250-ENHANCEDSTATUSCODES\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n250-LIMITS RCPTMAX=1000\r\n250-REQUIRETLS\r\n"
            + "250-FUTURERELEASE 86400 2026-11-29T00:02:03Z\r\n250 HELP\r\n",
            Bytes.Text(offer.ToReply("mx.a.test").Wire));
    }

    [Fact]
    public void OfferOfNothing_IsTheName()
    {
        Assert.Equal("250 mx.a.test\r\n", Bytes.Text(new EhloOffer { Extensions = SmtpExtensions.None }.ToReply("mx.a.test").Wire));
    }

    [Fact]
    public void EveryOffer_IsReadBackAsItWasMade()
    {
        var offers = from extensions in Gen.Int[0, 0x1fff]
                     from size in Gen.Long[1, long.MaxValue]
                     from recipients in Gen.Int[1, 999_999]
                     select new EhloOffer { Extensions = (SmtpExtensions)extensions, MaxSize = size, AuthMechanisms = "PLAIN", MaxRecipients = recipients };
        offers.Sample(
            offer =>
            {
                var reader = new ReplyReader();
                var seen = new EhloCapabilities();
                reader.Begin(seen);
                return reader.Read(offer.ToReply("mx.a.test").Wire, out _) == OperationStatus.Done
                    && seen.Extensions == offer.Extensions
                    && seen.MaxSize == (seen.Offers(SmtpExtensions.Size) ? offer.MaxSize : null)
                    && seen.MaxRecipients == (seen.Offers(SmtpExtensions.Limits) ? offer.MaxRecipients : null);
            },
            iter: 2_000);
    }
}
