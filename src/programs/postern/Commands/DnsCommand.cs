using System.CommandLine;
using System.Text;
using Postern.CommandLine.Server;
using Postern.CommandLine.Zones;
using Postern.CommandLine.Zones.Checking;
using Postern.Dns;
using Postern.Dns.Resolving;
using Postern.Loop;
using Postern.Mail;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern dns</c>: the records that a domain has to have, and whether it has them.</summary>
internal static class DnsCommand
{
    private const string ResolverFile = "/etc/resolv.conf";

    /// <summary>Builds the command.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation)
    {
        var domain = new Argument<string>("domain") { Description = "One of the server's domains." };
        var check = new Option<bool>("--check") { Description = "Look up what is set, and compare." };
        var server = new Option<string?>("--server") { Description = "The resolver to ask.", HelpName = "ADDRESS[:PORT]" };
        var policy = new Option<bool>("--policy") { Description = "Print the policy of MTA-STS alone." };
        var enforce = new Option<bool>("--enforce") { Description = "Have that policy refuse, and not only report." };
        var command = new Command("dns", "Print the DNS records that a domain has to have, or check them.") { domain, check, server, policy, enforce };
        command.SetAction(parsed =>
        {
            var (checks, asked, alone) = (parsed.GetValue(check), parsed.GetValue(server), parsed.GetValue(policy));
            if ((alone && checks) || (asked is not null && !checks))
            {
                throw new CommandFailure(ExitCode.Usage, alone && checks ? "--policy and --check are two things: say one of them" : "--server goes with --check");
            }

            var slices = invocation.LoadSlices(parsed.GetValue(options.Configuration)!);
            var reader = new ZoneFactsReader(slices, SliceLoader.Settings(slices).HostName);
            var facts = reader.Facts(Served(parsed.GetValue(domain)!, reader.Domains()));
            var sts = new StsPolicy(facts, parsed.GetValue(enforce));
            return checks ? Check(invocation, facts, sts, asked is null ? Resolvers(reader) : [Server(asked)])
                : alone ? Print(invocation, facts, sts) : Show(invocation, facts, sts);
        });
        return command;
    }

    private static string Served(string text, IReadOnlyList<string> domains)
    {
        var name = text.EndsWith('.') ? text[..^1] : text;
        return DomainName.TryParse(name, out var domain) && domains.Contains(domain.ToString()) ? domain.ToString()
            : throw new CommandFailure(ExitCode.Usage, $"{text} is none of the server's domains: {string.Join(", ", domains)}");
    }

    private static int Show(Invocation invocation, ZoneFacts facts, StsPolicy policy)
    {
        new ZoneScreen(invocation.Screen, facts, policy).Show();
        return ExitCode.Success;
    }

    private static int Print(Invocation invocation, ZoneFacts facts, StsPolicy policy)
    {
        if (!facts.CanPromiseTls)
        {
            throw new CommandFailure(ExitCode.Unavailable, $"no policy, which would promise TLS: {new WantedZone(facts, policy).NoPromise}");
        }

        invocation.Screen.Words(policy.Text);
        return ExitCode.Success;
    }

    private static int Check(Invocation invocation, ZoneFacts facts, StsPolicy policy, IReadOnlyList<NameServer> servers)
    {
        using var loop = new EventLoop(invocation.Time);
        var stub = new StubResolver(servers, new LoopDnsTransport(loop), loop.Time, new SystemRandomSource());
        var check = new ZoneCheck(facts, policy, new CachingResolver(stub, new AnswerCache(loop.Time)));
        IReadOnlyList<Finding> findings = [];
        loop.Adopt(RunAsync());
        loop.Run();
        new FindingScreen(invocation.Screen, servers.All(server => server.IsTrusted)).Show(facts, findings);
        return ZoneCheck.Code(findings);

        async Task RunAsync()
        {
            findings = await check.RunAsync();
            loop.Stop();
        }
    }

    private static NameServer Server(string text) => ResolverText.TryRead(Encoding.UTF8.GetBytes(text), out var server)
        ? server : throw new CommandFailure(ExitCode.Usage, $"{text} is not the address of a resolver");

    private static IReadOnlyList<NameServer> Resolvers(ZoneFactsReader reader)
    {
        try
        {
            return reader.Resolvers(ResolvConf.Parse(File.ReadAllBytes(ResolverFile)));
        }
        catch (FileNotFoundException)
        {
            return reader.Resolvers([]);
        }
    }
}
