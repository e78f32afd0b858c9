using CsCheck;

namespace Postern.Mail.Tests.Envelopes;

/// <summary>The text of a message id.</summary>
public class MessageIdTests
{
    [Theory]
    [InlineData(0UL, "0000000000000")]
    [InlineData(1UL, "0000000000001")]
    [InlineData(31UL, "000000000000z")]
    [InlineData(32UL, "0000000000010")]
    [InlineData(ulong.MaxValue, "fzzzzzzzzzzzz")]
    public void Text_IsTheNumberInBase32(ulong value, string text)
    {
        Assert.Equal(text, new MessageId(value).ToString());
        Assert.True(MessageId.TryParse(text, out var id));
        Assert.Equal(value, id.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("000000000000")]
    [InlineData("00000000000000")]
    // 65 bits.
    [InlineData("g000000000000")]
    [InlineData("zzzzzzzzzzzzz")]
    // The letters that the alphabet leaves out, and capitals: an id has one spelling.
    [InlineData("000000000000i")]
    [InlineData("000000000000l")]
    [InlineData("000000000000o")]
    [InlineData("000000000000u")]
    [InlineData("000000000000A")]
    [InlineData("00000000000 0")]
    [InlineData("../etc/passwd")]
    [InlineData("i000000000000")]
    [InlineData("0000000000é00")]
    public void AnythingElse_IsRefused(string text)
    {
        Assert.False(MessageId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void Texts_ComeBackAndSortAsTheirNumbers() => Gen.Select(Gen.ULong, Gen.ULong).Sample((left, right) =>
        MessageId.TryParse(new MessageId(left).ToString(), out var again) && again.Value == left
        && Math.Sign(string.CompareOrdinal(new MessageId(left).ToString(), new MessageId(right).ToString())) == left.CompareTo(right));
}
