using Postern.Mail;
using Postern.Remote.Reports.Records;

namespace Postern.Remote.Reports.Sending;

/// <summary>What came of sending a report to one address.</summary>
/// <param name="Problem">Why it does not have it; null when it has.</param>
/// <param name="MayPass">True when it may have it later.</param>
internal readonly record struct SendResult(string? Problem, bool MayPass)
{
    /// <summary>It has it.</summary>
    internal static readonly SendResult Sent = new(null, false);
}

/// <summary>Sends reports by mail.</summary>
internal interface IReportMail
{
    /// <summary>Sends a message. Never throws for anything that the network or a server does.</summary>
    ValueTask<SendResult> SendAsync(Mailbox from, Mailbox to, byte[] message);
}

/// <summary>Sends reports to web servers.</summary>
internal interface IReportWeb
{
    /// <summary>Sends a compressed report. Never throws for anything that the network or a server does.</summary>
    ValueTask<SendResult> PostAsync(ReportAddress.Web place, byte[] body);
}
