using Postern.Deliver.Disk;

namespace Postern.Deliver.Incoming;

/// <content>Large messages: one work at a time on the stream, then the other copies, then the source's own.</content>
internal sealed partial class IncomingMessage
{
    private MessageStream? _stream;

    /// <summary>The copy whose file takes the stream.</summary>
    private int _source;
    private bool _copiesMade;
    private bool _published;

    private void OpenStream()
    {
        _stream ??= new MessageStream();
        var copy = _copies[_source];
        Start(new OpenStreamWork(_stream, copy.Place, copy.Fields) { Completed = OnOpened });
    }

    private void OnOpened(DiskWork work)
    {
        if (((OpenStreamWork)work).Refusal is { } refusal)
        {
            Tell(_copies[_source], refusal);
            if (++_source == _copies.Count)
            {
                _stream = null; // Nobody is left to write for.
            }
            else if (_stage != Stage.Cancelled)
            {
                OpenStream();
            }
        }

        OnWorkDone();
    }

    /// <summary>Starts whatever the stream needs next, when nothing is under way on it.</summary>
    private void WriteNext()
    {
        if (_stream is null || _worksPending > 0)
        {
            return;
        }

        if (!_stream.Failure.Ok)
        {
            _copies.ForEach(copy => Tell(copy, Results.Of(_stream.Failure)));
        }

        if (_stage == Stage.Cancelled || AllTold)
        {
            Start(new EndStreamWork(_stream, abandon: !_published) { Completed = OnEnded });
        }
        else if (_filled > 0)
        {
            Append();
        }
        else if (_stage == Stage.Complete)
        {
            Complete();
        }
    }

    private void Append()
    {
        var raw = _filledRaw;
        Start(new AppendWork(_stream!, _buffer, _filled) { Completed = work => OnAppended((AppendWork)work, raw) });
        _buffer = [];
        _filled = 0;
        _filledRaw = 0;
    }

    private void OnAppended(AppendWork work, int raw)
    {
        GiveBack(work.Buffer);
        _underWay -= raw;
        _desk.Grant(this, raw);
        OnWorkDone();
    }

    private void Complete()
    {
        if (!_copiesMade)
        {
            _copiesMade = true;
            StartCopies(new StreamedContent(_stream!.File!, _copies[_source].Fields.Length), _source + 1);
        }

        if (_worksPending == 0)
        {
            // A source that was a loop is told already; its file only served the others, and goes.
            if (_copies[_source].Told)
            {
                Start(new EndStreamWork(_stream!, abandon: true) { Completed = OnEnded });
            }
            else
            {
                Start(new PublishStreamWork(_stream!) { Completed = OnPublished });
            }
        }
    }

    private void OnPublished(DiskWork work)
    {
        _published = true; // Or removed already: nothing is left to abandon.
        Tell(_copies[_source], ((PublishStreamWork)work).Result!);
        _desk.Visited(_copies[_source].Place);
        OnWorkDone();
    }

    private void OnEnded(DiskWork work)
    {
        _stream = null;
        OnWorkDone();
    }
}
