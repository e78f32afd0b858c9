using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Keyholder.Tests.Harness;

namespace Postern.Keyholder.Tests.Issuance;

/// <summary>The whole program with an authority to ask, and acme's end of the line.</summary>
internal sealed class IssuanceHouse : IDisposable
{
    private readonly TlsRig _rig = new();

    internal IssuanceHouse(params string[] names)
    {
        Folder = Directory.CreateTempSubdirectory("pi").FullName;
        Names = names.Length == 0 ? ["mx.example"] : names;
    }

    internal TlsRig Rig => _rig;

    internal string Folder { get; }

    internal string[] Names { get; set; }

    internal string Contact { get; set; } = "";

    internal string AccountFile => Path.Join(Folder, "account.pem");

    internal string CertificateFile => Path.Join(Folder, "certificate.pem");

    /// <summary>Gives it its configuration, the first one or another.</summary>
    internal bool Configure()
    {
        var slice = new SliceWriter();
        slice.Add(new TlsSlice { HostName = "mx.example", AsksForCertificate = false });
        slice.Add(new IssuanceSlice { Folder = Folder, Contact = Contact, Names = Names });
        var taken = _rig.Program.Configure(slice.Bytes);
        _rig.Turn();
        return taken;
    }

    /// <summary>Starts it.</summary>
    /// <returns>Null, or why it does not start.</returns>
    internal string? Start()
    {
        Assert.True(Configure());
        _rig.Connect();
        return _rig.Program.Start();
    }

    /// <summary>A house that runs.</summary>
    internal static IssuanceHouse Started(params string[] names)
    {
        var house = new IssuanceHouse(names);
        Assert.Null(house.Start());
        return house;
    }

    /// <summary>acme comes.</summary>
    internal AcmeEnd Acme() => new(_rig.Turn, theirs => _rig.Program.Connect(ProgramName.Acme, theirs));

    public void Dispose()
    {
        _rig.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
