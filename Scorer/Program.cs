return Latent.Scorer.Commands.ScorerCommandLine.Run(args);
