using Postern.Coverage;
using Postern.Coverage.Instrumenting;
using Postern.Coverage.Reporting;

// See eng/coverage, which calls this.
return args switch
{
    ["instrument", var output, var binaries] => Instrumentation.Run(output, binaries),
    ["replace", var output, .. var folders] => Replacement.Run(output, folders),
    ["begin", var output] => Begin(output),
    ["report", var output, var binaries, var exceptions] => Report.Run(output, binaries, exceptions),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Postern.Coverage instrument OUTPUT BINARIES | replace OUTPUT FOLDER... | begin OUTPUT | report OUTPUT BINARIES EXCEPTIONS");
    return 64;
}

static int Begin(string output)
{
    ProbeTable table = ProbeTable.Read(output);
    SharedHits.Create(table.Key, table.Probes.Count);
    return 0;
}
