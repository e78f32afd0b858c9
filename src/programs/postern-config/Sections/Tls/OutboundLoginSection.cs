using System.Text;
using Postern.Config.Errors;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Text;

namespace Postern.Config.Sections;

/// <summary>[[outbound_login]]: how to log in at hosts that routes lead to. What is secret stays in the files that it names.</summary>
internal static class OutboundLoginSection
{
    /// <summary>Reads all of them.</summary>
    /// <param name="root">The root.</param>
    /// <param name="routes">The routes, one of which has to lead to each host.</param>
    /// <param name="rules">How mail has to be protected.</param>
    internal static IReadOnlyList<OutboundLogin> Read(SectionReader root, IReadOnlyList<Route> routes, IReadOnlyList<TlsRule> rules)
    {
        var logins = new List<OutboundLogin>();
        foreach (var section in root.Sections("outbound_login") ?? [])
        {
            if (Host(section, routes, rules) is not { } host)
            {
                continue;
            }

            if (logins.Exists(login => login.Host == host))
            {
                section.Errors.Add(section.PlaceOf("host"), $"there is another login for {Printable.Quote(host)}");
            }

            var certificate = TlsSection.PathWithFolder(section, "certificate");
            var login = new OutboundLogin(
                host, User(section), TlsSection.PathWithFolder(section, "password_file"), certificate, TlsSection.PathWithFolder(section, "key") ?? certificate);
            Judge(section);
            logins.Add(login);
        }

        return logins;
    }

    private static string? Host(SectionReader section, IReadOnlyList<Route> routes, IReadOnlyList<TlsRule> rules)
    {
        if (section.Text("host") is not { } text)
        {
            if (!section.Has("host"))
            {
                section.Errors.Add(section.Place, "host is missing in [[outbound_login]]: the name of a host that a route leads to");
            }

            return null;
        }

        // Whom a login is told to is decided by a name in a certificate.
        if (IpAddress.TryParse(text.Text, out _) || !DomainName.TryParse(text.Text, out var name))
        {
            section.Errors.Add(text.Place, $"{Printable.Quote(text.Text)} must be the name of a host, as its certificate has it, without a port");
            return null;
        }

        var host = name.ToString();
        if (!routes.Any(route => route.Hop is HopKind.Host or HopKind.TlsHost && route.Destination == host))
        {
            section.Errors.Add(text.Place, $"no route leads to {Printable.Quote(host)} by SMTP");
        }

        if (NeedOf(name, rules) == TlsNeed.None)
        {
            section.Errors.Add(text.Place, $"[outbound_tls] forbids TLS with {Printable.Quote(host)}, and nobody logs in without");
        }

        return host;
    }

    private static TlsNeed? NeedOf(DomainName host, IReadOnlyList<TlsRule> rules)
    {
        var table = new RouteTable<TlsNeed>();
        foreach (var rule in rules)
        {
            table.TryAdd(Encoding.ASCII.GetBytes(rule.Pattern), rule.Need);
        }

        return table.TryFind(host.Text, out var need) ? need : null;
    }

    private static string? User(SectionReader section)
    {
        if (section.Text("user") is not { } text)
        {
            return null;
        }

        if (text.Text.Length is > 0 and <= LoginSlice.MaxUser && !text.Text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text.Text;
        }

        section.Errors.Add(text.Place, $"user must have 1 to {LoginSlice.MaxUser} characters of printable ASCII");
        return null;
    }

    private static void Judge(SectionReader section)
    {
        bool user = section.Has("user"), password = section.Has("password_file"), certificate = section.Has("certificate");
        if (user != password)
        {
            section.Errors.Add(section.PlaceOf(user ? "user" : "password_file"), user ? "user needs password_file: the file that has the password" : "password_file needs user");
        }

        if (!certificate && section.Has("key"))
        {
            section.Errors.Add(section.PlaceOf("key"), "key needs certificate");
        }

        if (!user && !password && !certificate)
        {
            section.Errors.Add(section.Place, "[[outbound_login]] needs user and password_file, or certificate, or all of them");
        }
    }
}
