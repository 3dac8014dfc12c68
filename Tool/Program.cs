return Latent.Tool.ToolCommandLine.Run(args);
