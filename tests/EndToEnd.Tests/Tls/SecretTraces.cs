using System.Text;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>Looks for secrets where nobody's may ever be: in the log, on command lines, in environments, in files.</summary>
internal static class SecretTraces
{
    /// <summary>None of them is in the log of a server, or on the command line or in the environment of one of its processes.</summary>
    internal static void DemandNone(PosternServer server, params byte[][] secrets)
    {
        Assert.NotEmpty(server.Log);
        Assert.All(server.Log, line => Assert.False(Has(Encoding.UTF8.GetBytes(line), secrets), line));
        int[] processes = [server.SupervisorPid, .. ProcessStatus.Children(server.SupervisorPid)];
        Assert.True(processes.Length > StandingProgram.All.Count - 1, "not all programs are there");
        foreach (var file in processes.SelectMany(pid => new[] { $"/proc/{pid}/cmdline", $"/proc/{pid}/environ" }))
        {
            var content = File.ReadAllBytes(file);
            Assert.NotEmpty(content);
            Assert.False(Has(content, secrets), $"{file} {Encoding.Latin1.GetString(content)}");
        }
    }

    /// <summary>The files below a folder that hold one of them; sockets, and files that are only there to be locked, hold nothing.</summary>
    internal static IReadOnlyList<string> FilesWith(string folder, params byte[][] secrets) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length > 0 && Has(File.ReadAllBytes(file), secrets))];

    private static bool Has(ReadOnlySpan<byte> content, byte[][] secrets)
    {
        foreach (var secret in secrets)
        {
            if (content.IndexOf(secret) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
