using System.Globalization;
using System.Runtime.InteropServices;
using Postern.Posix.Confining;
using Postern.Posix.Processes;
using Postern.Prisoner;
using Postern.Role.Confining;

// A child that tests start, in one of two ways:
//   try DECLARATION NUMBER…          adopts the filter of a declaration and makes system calls by their numbers, all arguments 0;
//                                    writes the errno of each, four bytes each, to standard output
//   without NUMBER,… ERRNO -- COMMAND…   executes a command for which those system calls fail, as on a system that lacks them
var machine = Machine.Own!;
switch (args)
{
    case ["try", var name, .. var numbers]:
        var rules = CallPolicy.Of(Declarations.Each[name], machine, (uint)Environment.ProcessId);
        Prison.Try(FilterAssembler.Assemble(machine, rules), [.. numbers.Select(Number)], machine.IsArm ? 94 : 231);
        return 1;
    case ["without", var numbers, var error, "--", .. var command]:
        _ = OwnProcess.RefuseNewPrivileges();
        var filter = FilterAssembler.Open(machine, numbers.Split(',').Select(number => new CallRule(Number(number), 0x00050000 | (uint)Number(error))));
        if (CallFilter.Install(filter).Failed)
        {
            return 2;
        }

        var variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(one => $"{one.Key}={one.Value}");
        _ = ProcessStart.Become(command[0], command, [.. variables]);
        return 3;
    default:
        return 64;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
