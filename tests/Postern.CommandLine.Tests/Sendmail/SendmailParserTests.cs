using Postern.CommandLine.Sendmail;

namespace Postern.CommandLine.Tests.Sendmail;

public sealed class SendmailParserTests
{
    [Theory]
    // How cron, PHP, mailx, git and mdadm call it.
    [InlineData("-FCronDaemon -i -B8BITMIME -oem ann", "Deliver i F=CronDaemon B=EightBitMime ann")]
    [InlineData("-t -i", "Deliver t i")]
    [InlineData("-ti", "Deliver t i")]
    [InlineData("-oi -t", "Deliver t i")]
    [InlineData("-i -f ann@x.example bob", "Deliver i f=ann@x.example bob")]
    [InlineData("-fann@x.example bob", "Deliver f=ann@x.example bob")]
    [InlineData("-r ann bob", "Deliver f=ann bob")]
    [InlineData("-oem -oi -fann bob", "Deliver i f=ann bob")]
    // Modes.
    [InlineData("-bp", "List")]
    [InlineData("-bs", "Session")]
    [InlineData("-bi", "Aliases")]
    [InlineData("-I", "Aliases")]
    [InlineData("-q", "Flush")]
    [InlineData("-bm ann", "Deliver ann")]
    // Delivery status notifications.
    [InlineData("-N never ann", "Deliver N=Never ann")]
    [InlineData("-Nsuccess,FAILURE,delay ann", "Deliver N=Success,Failure,Delay ann")]
    [InlineData("-R hdrs -V id ann", "Deliver R=Headers V=id ann")]
    [InlineData("-Rfull ann", "Deliver R=Full ann")]
    // Of other sendmails, without meaning here; those with a value swallow it.
    [InlineData("-v -m -n -U -G -Am -Ac -em -ee -oQ/x -o7 -d -d0.1 ann", "Deliver ann")]
    [InlineData("-X /tmp/log -h 5 -p x -L tag -O QueueDirectory=/x ann", "Deliver ann")]
    [InlineData("-X/tmp/log -OQueueDirectory=/x ann", "Deliver ann")]
    // After two dashes all are addresses, and a lone dash is one, too.
    [InlineData("-i -- -t ann", "Deliver i -t ann")]
    [InlineData("ann - bob", "Deliver ann - bob")]
    public void KnownOptions_AreRead(string arguments, string expected)
    {
        Assert.True(SendmailParser.TryParse(arguments.Split(' '), out var options, out var problem), problem);
        Assert.Equal(expected, Words(options));
    }

    [Theory]
    // A daemon, an address test and the like are other programs.
    [InlineData("-bd")]
    [InlineData("-bt")]
    [InlineData("-bv ann")]
    // A configuration or a macro by argument: the way in through programs that pass their users' text on.
    [InlineData("-C /etc/passwd ann")]
    [InlineData("-D/x ann")]
    [InlineData("-be ann")]
    [InlineData("-q30m")]
    [InlineData("-dX ann")]
    // Values that are none.
    [InlineData("-N sometimes ann")]
    [InlineData("-N never,success ann")]
    [InlineData("-N  ann")]
    [InlineData("-R all ann")]
    [InlineData("-B BINARYMIME ann")]
    // A value is missing.
    [InlineData("ann -f")]
    [InlineData("-o")]
    [InlineData("-e")]
    // Not ours at all.
    [InlineData("--help")]
    [InlineData("-z")]
    [InlineData("-tz")]
    public void OtherOptions_AreRefused(string arguments)
    {
        Assert.False(SendmailParser.TryParse(arguments.Split(' '), out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void EnvelopeIdThatIsTooLongOrNotPrintable_IsRefused()
    {
        Assert.False(SendmailParser.TryParse(["-V", new string('x', 101), "ann"], out _, out _));
        Assert.False(SendmailParser.TryParse(["-V", "a\nb", "ann"], out _, out _));
    }

    [Fact]
    public void EmptySender_IsTheNullSender()
    {
        Assert.True(SendmailParser.TryParse(["-f", "", "ann"], out var options, out _));
        Assert.Equal(string.Empty, options.Sender);
    }

    private static string Words(SendmailOptions options) => string.Join(' ', new[]
    {
        options.Mode.ToString(),
        options.ReadRecipients ? "t" : null,
        options.IgnoreDots ? "i" : null,
        options.Sender is null ? null : $"f={options.Sender}",
        options.FullName.Length == 0 ? null : $"F={options.FullName}",
        options.Notify == 0 ? null : $"N={options.Notify.ToString().Replace(" ", "", StringComparison.Ordinal)}",
        options.Return == 0 ? null : $"R={options.Return}",
        options.EnvelopeId.Length == 0 ? null : $"V={options.EnvelopeId}",
        options.Body == 0 ? null : $"B={options.Body}",
    }.Concat(options.Recipients).Where(word => word is not null));
}
