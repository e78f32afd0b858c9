using Postern.Ipc.Administration;
using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;
using Postern.Ipc.Issuance;
using Postern.Ipc.Logins;
using Postern.Ipc.Notices;
using Postern.Ipc.Securing;
using Postern.Ipc.Submission;

namespace Postern.Ipc.Tests.Frames;

/// <summary>Every frame that programs exchange, by docs/ipc.md: numbers and limits stand here once more, as numbers.</summary>
/// <remarks>LoginResult and SignatureAsk are not here: which name or account is legal depends on another field. Nor is IssuanceQuestion, which has none.</remarks>
internal static class FrameTable
{
    internal static IEnumerable<FrameRow> Rows => [.. Submission, .. Delivery, .. Notices, .. Directory, .. Logins, .. Administration, .. Issuance];

    private static IEnumerable<FrameRow> Submission =>
    [
        FrameRow.Of<OpenMessageFrame>(10, "u", f => [f.Transaction]),
        FrameRow.Of<SenderFrame>(11, "u s320 s300 b2 b1 b5 b7 u s16", f =>
            [f.Transaction, f.Address.ToArray(), f.EnvelopeId.ToArray(), (byte)f.Return, (byte)f.Body, (byte)f.Handling, (byte)f.Protocol, f.Release, f.Client.ToArray()]),
        FrameRow.Of<RecipientFrame>(12, "u s320 s600 h", f => [f.Transaction, f.Address.ToArray(), f.Original.ToArray(), f.Notify]),
        FrameRow.Of<ContentFrame>(13, "u r65536", f => [f.Transaction, f.Bytes.ToArray()]),
        FrameRow.Of<CommitFrame>(14, "u", f => [f.Transaction]),
        FrameRow.Of<AbortFrame>(15, "u", f => [f.Transaction]),
        FrameRow.Of<MessageOpenedFrame>(20, "u q", f => [f.Transaction, f.Message]),
        FrameRow.Of<SubmissionAnswerFrame>(21, "u b5", f => [f.Transaction, (byte)f.Outcome]),
        FrameRow.Of<CreditFrame>(22, "u u", f => [f.Transaction, f.Bytes]),
        FrameRow.Of<QueueStateFrame>(23, "b2", f => [(byte)f.Condition]),
    ];

    private static IEnumerable<FrameRow> Delivery =>
    [
        FrameRow.Of<DeliveryStartFrame>(30, "u q b5 s340 h s320 s300 b2 b1 b5 q", f =>
            [
                f.Delivery, f.Message, (byte)f.Hop, f.Destination.ToArray(), f.Port, f.Sender.ToArray(), f.EnvelopeId.ToArray(),
                (byte)f.Return, (byte)f.Body, (byte)f.Handling, f.Size,
            ]),
        FrameRow.Of<DeliveryRecipientFrame>(31, "u u s320 s600 h f", f =>
            [f.Delivery, f.Recipient, f.Address.ToArray(), f.Original.ToArray(), f.Notify, f.Final]),
        FrameRow.Of<DeliveryReadyFrame>(32, "u", f => [f.Delivery]),
        FrameRow.Of<ContentEndFrame>(33, "u", f => [f.Transaction]),
        FrameRow.Of<DeliveryCancelFrame>(34, "u", f => [f.Delivery]),
        FrameRow.Of<MailboxRecipientFrame>(35, "u u b2 s340 s320", f =>
            [f.Delivery, f.Recipient, (byte)f.Kind, f.Folder.ToArray(), f.Address.ToArray()]),
        FrameRow.Of<RecipientResultFrame>(40, "u u b4 b2 u s320 s512", f =>
            [f.Delivery, f.Recipient, (byte)f.Outcome, (byte)f.Fault, f.Status, f.Host.ToArray(), f.Text.ToArray()]),
        FrameRow.Of<ExpansionTargetFrame>(41, "u u s320 f", f => [f.Delivery, f.Recipient, f.Address.ToArray(), f.List]),
        FrameRow.Of<DeliveryEndFrame>(42, "u", f => [f.Delivery]),
        FrameRow.Of<ExchangersFrame>(43, "u s1024", f => [f.Delivery, f.Exchangers.ToArray()]),
    ];

    private static IEnumerable<FrameRow> Notices =>
    [
        FrameRow.Of<NoticeStartFrame>(50, "u q q s320 s300 i i f f", f =>
            [f.Notice, f.Message, f.Own, f.To.ToArray(), f.EnvelopeId.ToArray(), f.Arrived, f.Now, f.Full, f.SmtpUtf8]),
        FrameRow.Of<NoticeRecipientFrame>(51, "u b4 s320 s600 u s320 s512 i", f =>
            [f.Notice, (byte)f.Action, f.Address.ToArray(), f.Original.ToArray(), f.Status, f.Host.ToArray(), f.Text.ToArray(), f.RetryUntil]),
        FrameRow.Of<NoticeRefusedFrame>(52, "u", f => [f.Notice]),
    ];

    private static IEnumerable<FrameRow> Directory =>
    [
        FrameRow.Of<AddressQuestionFrame>(60, "u s320", f => [f.Question, f.Address.ToArray()]),
        FrameRow.Of<AddressAnswerFrame>(61, "u b3", f => [f.Question, (byte)f.Verdict]),
        FrameRow.Of<MeaningQuestionFrame>(62, "u s320 f", f => [f.Question, f.Address.ToArray(), f.Final]),
        FrameRow.Of<MeaningMailboxFrame>(63, "u b2 t32 s340", f => [f.Question, (byte)f.Kind, f.User, f.Folder.ToArray()]),
        FrameRow.Of<MeaningTargetFrame>(64, "u s320", f => [f.Question, f.Address.ToArray()]),
        FrameRow.Of<MeaningEndFrame>(65, "u b5 f", f => [f.Question, (byte)f.Outcome, f.List]),
        FrameRow.Of<SenderQuestionFrame>(66, "u s254 s320", f => [f.Question, f.Login.ToArray(), f.Address.ToArray()]),
    ];

    private static IEnumerable<FrameRow> Logins =>
    [
        FrameRow.Of<SecuredFrame>(70, "t64 t64 s255 f s72 s64 s64", f =>
            [f.Version, f.Suite, f.ServerName.ToArray(), f.IsResumed, f.Voucher.ToArray(), f.Exporter.ToArray(), f.EndPoint.ToArray()]),
        FrameRow.Of<LoginStartFrame>(72, "u b3 x16 s20 f s64 s64 s72", f =>
            [f.Exchange, (byte)f.Service, f.Client.ToArray(), f.Mechanism.ToArray(), f.HasMessage, f.Exporter.ToArray(), f.EndPoint.ToArray(), f.Voucher.ToArray()]),
        FrameRow.Of<VoucherKeyFrame>(77, "x32", f => [f.Key.ToArray()]),
        FrameRow.Of<LoginMessageFrame>(73, "u r9216", f => [f.Exchange, f.Message.ToArray()]),
        FrameRow.Of<LoginChallengeFrame>(74, "u r9216", f => [f.Exchange, f.Challenge.ToArray()]),
        FrameRow.Of<LoginEndFrame>(76, "u", f => [f.Exchange]),
    ];

    private static IEnumerable<FrameRow> Administration =>
    [
        FrameRow.Of<StatusRequestFrame>(80, "u", f => [f.Request]),
        FrameRow.Of<StatusFrame>(81, "u b2 q q q q q q q q i q", f =>
            [
                f.Request, (byte)f.Condition, f.Messages, f.Recipients, f.Deferred, f.Held, f.Active, f.Accepted, f.Delivered, f.Failed,
                f.OldestArrived, f.LogBytes,
            ]),
        FrameRow.Of<ListRequestFrame>(82, "u t320 t340 t320 t320 u", f =>
            [f.Request, f.Filter, f.Of.Destination, f.Of.Domain, f.Of.Sender, f.Limit]),
        FrameRow.Of<ItemFrame>(83, "u q s320 s320 b5 h q i i s340 s512", f =>
            [
                f.Request, f.Message, f.Sender.ToArray(), f.Recipient.ToArray(), (byte)f.Condition, f.Attempts, f.Size, f.Arrived, f.NextAttempt,
                f.Destination.ToArray(), f.LastText.ToArray(),
            ]),
        FrameRow.Of<ShowRequestFrame>(84, "u q f", f => [f.Request, f.Message, f.Content]),
        FrameRow.Of<RequestEndFrame>(85, "u f", f => [f.Request, f.Found]),
        FrameRow.Of<ActFrame>(86, "u b4 q t340 t320 t320", f =>
            [f.Request, (byte)f.Act, f.Message, f.Of.Destination, f.Of.Domain, f.Of.Sender]),
        FrameRow.Of<ActDoneFrame>(87, "u u u u", f => [f.Request, f.Recipients, f.Messages, f.Tried]),
        FrameRow.Of<DrainFrame>(88, "u f", f => [f.Request, f.On]),
    ];

    private static IEnumerable<FrameRow> Issuance =>
    [
        FrameRow.Of<IssuanceStateFrame>(91, "u x43", f => [f.DueSeconds, f.Thumbprint.ToArray()]),
        FrameRow.Of<SignatureFrame>(93, "r60000", f => [f.Body.ToArray()]),
        FrameRow.Of<ChainFrame>(94, "r60000", f => [f.Chain.ToArray()]),
    ];
}
