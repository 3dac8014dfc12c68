return Latent.Scorer.Commands.CommandLine.Run(args);
