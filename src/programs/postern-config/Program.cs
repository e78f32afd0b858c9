using Postern.Config;
using Postern.Role;
using Postern.Role.Confining;

// Any file may be the one with the aliases; it is read by nobody's rights. Standard input and the slices are open already.
var declaration = new Declaration
{
    Files = FileUse.Read,
    FixedPlaces = [new Place("/", FileUse.Read)],
    Terminal = true,
};
return ProgramHost.RunAlone("postern-config", declaration, missing => ConfigProgram.Run(args, missing));
