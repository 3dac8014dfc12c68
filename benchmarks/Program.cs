return Latent.Benchmarks.CommandLine.Run(args);
