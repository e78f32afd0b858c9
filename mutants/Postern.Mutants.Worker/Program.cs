using System.Threading.Channels;
using Postern.Mutants.Worker;

// usage: Postern.Mutants.Worker TEST-ASSEMBLY MUTATED-ASSEMBLY [CLASS]
// Reads from standard input, a request a line:
//   list                        the test cases, one a line, and a full stop
//   cover CASE                  runs one: its outcome, its milliseconds, and the places that it reached
//   run MUTANT CASE...          runs them with a mutant at work until one fails: "at CASE" before each, at last
//                               "survived", or "killed CASE clean" ("stained" when that case now fails without the mutant, too)
var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
// What tests print is nobody's concern here.
Console.SetOut(TextWriter.Null);
var requests = Channel.CreateUnbounded<string>();
// A mutant may spin for ever: when nobody is there any more to end this process, it ends itself.
new Thread(() =>
{
    var input = new StreamReader(Console.OpenStandardInput());
    while (input.ReadLine() is { } line) _ = requests.Writer.TryWrite(line);
    Environment.Exit(0);
})
{ IsBackground = true }.Start();
var switches = new Switches(args[1]);
await using var cases = await TestCases.FindAsync(args[0], args.Length > 2 ? args[2] : null);
await foreach (string request in requests.Reader.ReadAllAsync())
{
    string[] words = request.Split(' ');
    switch (words[0])
    {
        case "list":
            foreach (string name in cases.Names) await output.WriteLineAsync(name);
            await output.WriteLineAsync(".");
            break;
        case "cover":
            await output.WriteLineAsync(await Requests.CoverAsync(cases, switches, words[1]));
            break;
        case "run":
            await output.WriteLineAsync(await Requests.RunAsync(cases, switches, words, output));
            break;
    }
}
return 0;
