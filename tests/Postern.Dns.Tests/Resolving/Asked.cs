using System.Text;
using Postern.Dns.Tests.Wire;

namespace Postern.Dns.Tests.Resolving;

/// <summary>A query as a name server sees it, taken apart without the code under test.</summary>
internal sealed class Asked
{
    private readonly byte[] _query;

    internal Asked(int server, byte[] query, TimeSpan at, bool isStream)
    {
        _query = query;
        Server = server;
        At = at;
        IsStream = isStream;
        int end = 12;
        var labels = new List<string>();
        while (query[end] != 0)
        {
            labels.Add(Encoding.Latin1.GetString(query, end + 1, query[end]));
            end += query[end] + 1;
        }
        Name = string.Join('.', labels);
        Type = query[end + 1] << 8 | query[end + 2];
    }

    internal int Server { get; }

    internal TimeSpan At { get; }

    internal bool IsStream { get; }

    internal ushort Id => (ushort)(_query[0] << 8 | _query[1]);

    /// <summary>In the letter case of the query.</summary>
    internal string Name { get; }

    internal int Type { get; }

    internal bool HasEdns => _query[11] == 1;

    /// <summary>Whether the name is this one, in any letter case.</summary>
    internal bool IsFor(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>A reply to it without records; the question's name is at offset 12.</summary>
    internal Message Reply(int code = 0) =>
        new Message { Id = Id, Flags = (ushort)(Message.ResponseFlags | code) }.Question(Name, Type);

    /// <summary>"No": an SOA in the authority section.</summary>
    internal Message ReplyNo(int code = 0) => Reply(code).Authority(Message.Name("example.org"), 6, Message.Soa(60));

    /// <summary>One address that tells the server.</summary>
    internal Message ReplyAddress() => Reply().Answer(Message.Pointer(12), 1, [192, 0, 2, (byte)Server]);

    /// <summary>"There is more than fits."</summary>
    internal byte[] ReplyTruncated()
    {
        Message message = Reply();
        message.Flags |= 0x0200;
        return message.Build();
    }

    public override string ToString() =>
        $"{At.TotalSeconds}s {(IsStream ? "tcp" : "udp")} {Server} {Name.ToUpperInvariant()} {Type}{(HasEdns ? "" : " plain")}";
}
