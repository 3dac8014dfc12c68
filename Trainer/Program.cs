return Latent.Trainer.Commands.TrainerCommandLine.Run(args);
