using System.Text;
using Postern.TestKit;
using Postern.Web.Http;

namespace Postern.Web.Tests.Http;

/// <summary>What came of an answer.</summary>
/// <param name="Status">Where it ended.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="Body">The content, a character for each byte.</param>
/// <param name="Length">How many bytes belong to it.</param>
internal sealed record Answered(HttpStatus Status, string? Reason, string Body, int Length);

/// <summary>Runs answers through the reader.</summary>
internal static class Answers
{
    /// <summary>What is asked for: as a policy of MTA-STS is.</summary>
    internal static readonly HttpWanted Wanted = new(65_536, "text/plain");

    /// <summary>An answer in every way that it may be cut, which the server ends with the connection.</summary>
    internal static Answered Read(string text) => SplitDriver.EverySplit(Bytes(text), pieces => Read(pieces, ends: true));

    /// <summary>The same, while the connection stays.</summary>
    internal static Answered ReadOpen(string text) => SplitDriver.EverySplit(Bytes(text), pieces => Read(pieces, ends: false));

    /// <summary>An answer in these pieces.</summary>
    internal static Answered Read(IReadOnlyList<byte[]> pieces, bool ends)
    {
        var answer = new HttpAnswer(Wanted);
        int length = 0;
        foreach (byte[] piece in pieces)
        {
            Assert.Equal(answer.Status, answer.Feed([], out int none));
            Assert.Equal(0, none);
            var status = answer.Feed(piece, out int consumed);
            Assert.Equal(status, answer.Status);
            Assert.True(status != HttpStatus.NeedsMore || consumed == piece.Length);
            length += consumed;
        }
        if (ends) answer.End();
        Assert.Equal(answer.Status == HttpStatus.Refused, answer.Reason is not null);
        return new(answer.Status, answer.Reason, Encoding.Latin1.GetString(answer.Body), length);
    }

    internal static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
