using Postern.Config;
using Postern.Role;

return ProgramHost.RunAlone("postern-config", ConfigDeclaration.Own, missing => ConfigProgram.Run(args, missing));
