return Postern.Config.ConfigProgram.Run(args);
