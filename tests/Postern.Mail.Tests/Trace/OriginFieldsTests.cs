namespace Postern.Mail.Tests.Trace;

/// <summary>What a message gets that lacks it, byte by byte, and within its limit.</summary>
public class OriginFieldsTests
{
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Fields_AreWritten()
    {
        Assert.Equal("Date: Sun, 01 Mar 2026 12:00:00 +0000\r\nMessage-ID: <000000000002d.1772366400@mx.a.test>\r\n", Write("mx.a.test", new MessageId(77), Time));
    }

    [Fact]
    public void LongestFields_Fit()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('a', 63), 4))[..253];
        Assert.InRange(Write(name, new MessageId(ulong.MaxValue), DateTimeOffset.MaxValue).Length, 300, OriginFields.MaxLength);
    }

    private static string Write(string host, MessageId id, DateTimeOffset time)
    {
        Assert.True(DomainName.TryParse(host, out var name));
        var output = new byte[OriginFields.MaxLength];
        var length = OriginFields.WriteDate(time, output);
        length += OriginFields.WriteMessageId(id, time, name, output.AsSpan(length));
        return Latin.Text(output.AsSpan(0, length));
    }
}
