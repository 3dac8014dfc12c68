return Latent.Trainer.Commands.CommandLine.Run(args);
