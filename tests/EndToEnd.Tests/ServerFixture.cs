using Postern.TestKit.Servers;

namespace Postern.EndToEnd;

/// <summary>One server for the tests of a class that do not disturb each other.</summary>
public sealed class ServerFixture : IDisposable
{
    private readonly Lazy<PosternServer> _server = new(() => PosternServer.Start(new PosternConfiguration { Lmtp = true }));

    /// <summary>The server; started when the first test asks, so that a skip is the test's own.</summary>
    public PosternServer Server => _server.Value;

    /// <summary>Ends it, in good order.</summary>
    public void Dispose()
    {
        if (_server.IsValueCreated)
        {
            using var server = _server.Value;
            Assert.Equal(0, server.Stop());
        }
    }
}
