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
var input = new StreamReader(Console.OpenStandardInput());
var switches = new Switches(args[1]);
await using var cases = await TestCases.FindAsync(args[0], args.Length > 2 ? args[2] : null);
while (await input.ReadLineAsync() is { } request)
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
