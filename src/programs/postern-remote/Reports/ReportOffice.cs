using Postern.Dns.Resolving;
using Postern.Loop;
using Postern.Posix.Files;
using Postern.Remote.Attempts;
using Postern.Remote.Reports.Counts;
using Postern.Remote.Reports.Sending;
using Postern.Remote.Reports.Writing;
using Postern.Role.Logging;
using Postern.Web.Streams;

namespace Postern.Remote.Reports;

/// <summary>Reports about TLS (RFC 8460) put together: what is counted, kept, and sent.</summary>
internal sealed class ReportOffice : IDisposable
{
    /// <summary>Counts are written down after so long; what a crash takes. Arbitrary.</summary>
    private static readonly TimeSpan _writePause = TimeSpan.FromMinutes(5);

    private readonly EventLoop _loop;
    private readonly EventLog _log;
    private readonly ReportDesk _desk;
    private readonly ReportLimits _limits = new();
    private readonly LoopTimer _timer;
    private ReportsFile? _file;
    private bool _isChanged;
    private bool _isBegun;

    internal ReportOffice(EventLoop loop, EventLog log)
    {
        (_loop, _log) = (loop, log);
        _timer = loop.CreateTimer(Write);
        _desk = new ReportDesk(loop, log) { Changed = PutDown };
    }

    /// <summary>Counts sessions.</summary>
    internal ISessionCounts Counts => _desk;

    /// <summary>Follows the configuration.</summary>
    /// <param name="submitter">Who sends reports; null sends none.</param>
    /// <param name="names">Answers questions.</param>
    /// <param name="runner">Sends mail.</param>
    /// <param name="servers">Connects to web servers.</param>
    internal void Configure(ReportSubmitter? submitter, INameResolver names, DeliveryRunner runner, WebServers servers)
    {
        _desk.Courier = submitter is null ? null
            : new ReportCourier(names, new ReportMail(_loop, runner), new ReportWeb(servers), _loop.Time, _log) { Submitter = submitter, Limits = _limits };
        Begin();
    }

    /// <summary>Begins, with what is kept in the folder, which is then its to close.</summary>
    internal void Open(DirectoryHandle folder)
    {
        _file = new ReportsFile(folder, _log);
        Begin();
    }

    /// <summary>Writes down what was counted, and begins nothing any more.</summary>
    internal void Stop()
    {
        _desk.Stop();
        Write();
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    // Where none are sent, what is kept stays as it is.
    private void Begin()
    {
        if (_desk.Courier is null || _file is null)
        {
            return;
        }

        if (_isBegun)
        {
            _desk.Look();
        }
        else
        {
            _isBegun = true;
            _desk.Start(_file.Read());
        }
    }

    private void PutDown(bool atOnce)
    {
        if (!_isChanged)
        {
            _isChanged = true;
            _timer.Set(_writePause);
        }

        if (atOnce)
        {
            Write();
        }
    }

    private void Write()
    {
        if (_isChanged && _file is not null)
        {
            _isChanged = false;
            _timer.Unset();
            _file.Write(_desk.Book);
        }
    }
}
