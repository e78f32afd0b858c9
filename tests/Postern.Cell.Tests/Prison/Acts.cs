using Postern.TestKit.Servers;

namespace Postern.Cell.Tests.Prison;

/// <summary>The program that tries what is forbidden, compiled once for a run of the tests.</summary>
internal static class Acts
{
    private static readonly Lazy<string> _program = new(Compile);

    /// <summary>Its path, where everybody can execute it.</summary>
    internal static string Program => _program.Value;

    private static string Compile()
    {
        var folder = new Scratch(belongsToNobody: false);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        var compiler = Requirement.Peer(File.Exists("/usr/bin/gcc") || !File.Exists("/usr/bin/clang") ? "gcc" : "clang");
        Tool.Run(compiler, ["-O1", "-o", folder["acts"], Path.Join(AppContext.BaseDirectory, "Prison/acts.c"), "-lpthread"]).MustSucceed();
        Tool.Run("chmod", ["755", folder["acts"]]).MustSucceed();
        return folder["acts"];
    }
}
