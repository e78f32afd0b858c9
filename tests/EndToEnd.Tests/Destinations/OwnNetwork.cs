using System.Globalization;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Destinations;

/// <summary>A network that nothing else is in and that leads nowhere: every port is free, and whoever is in there may listen at any.</summary>
internal sealed class OwnNetwork : IDisposable
{
    private const string SetUp = """
        ip link set lo up &&
        for address; do ip address add "$address/32" dev lo || exit; done &&
        echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start &&
        echo ready &&
        exec sleep infinity
        """;

    private readonly RunningProgram _holder;

    /// <param name="addresses">The addresses that it has besides those of the loopback interface.</param>
    internal OwnNetwork(params IEnumerable<string> addresses)
    {
        Requirement.Root("it makes a network namespace");
        _ = Requirement.Peer("ip");
        if (Tool.Run("unshare", ["--net", "--", "true"]).Code != 0)
        {
            Requirement.Skip("no network namespace may be made here");
        }

        _holder = new RunningProgram(["unshare", "--net", "--", "/bin/sh", "-c", SetUp, "sh", .. addresses]);
        _holder.AwaitLine(line => line == "ready", "ready");
    }

    /// <summary>A command line that runs inside.</summary>
    internal IReadOnlyList<string> Inside(IEnumerable<string> command) =>
        ["nsenter", "--target=" + _holder.Pid.ToString(CultureInfo.InvariantCulture), "--net", "--", .. command];

    public void Dispose() => _holder.Dispose();
}
