namespace Latent.Trainer.Commands;

/// <summary>Examples that help shows, by command; tests parse them.</summary>
internal static class Examples
{
    /// <summary>Examples of each command; those of the program itself have the name "".</summary>
    public static readonly IReadOnlyDictionary<string, string> ByCommand = new Dictionary<string, string>
    {
        [""] = """
            # Train digits-vae on digits that the program draws, in about a minute
            dotnet run --project Trainer
            # List the recipes
            dotnet run --project Trainer -- list
            # Train a recipe on data of your own
            dotnet run -c Release --project Trainer -- mnist-vae --data data/mnist
            # Change a recipe
            dotnet run --project Trainer -- digits-vae --epochs 3 \
              --set latent.dimension=2 --out artifacts/digits-2d
            # Continue an unfinished run of a recipe of your own
            dotnet run --project Trainer -- my-recipe.json --data table.csv --resume
            """,
        ["list"] = """
            dotnet run --project Trainer -- list
            """,
        ["show"] = """
            dotnet run --project Trainer -- show mnist-vae
            dotnet run --project Trainer -- show mnist-vae --set latent.dimension=5
            dotnet run --project Trainer -- show my-recipe.json
            """,
        ["report"] = """
            dotnet run --project Trainer -- report artifacts/digits-vae
            dotnet run --project Trainer -- report artifacts/mnist-vae --data data/mnist
            """,
        ["evaluate"] = """
            dotnet run -c Release --project Trainer -- evaluate artifacts/mnist-vae \
              --data data/mnist
            # Check the exported graphs quickly
            dotnet run --project Trainer -- evaluate artifacts/digits-vae --graphs \
              --samples 500 --count 100
            # Denoise a folder of pictures of any size, and measure it
            dotnet run --project Trainer -- evaluate artifacts/denoise-pictures \
              --data FOLDER
            """,
        ["sampler"] = """
            dotnet run -c Release --project Trainer -- sampler artifacts/mnist-vae \
              --kind maf --data data/mnist
            """,
        ["draw"] = """
            dotnet run --project Trainer -- draw artifacts/digits-vae prior-sample \
              --count 20 --output samples.png
            dotnet run --project Trainer -- draw artifacts/digits-2d mean \
              --code 0.5,-1 --output mean.png
            """,
        ["sweep"] = """
            dotnet run -c Release --project Trainer -- sweep digits-vae \
              --set latent.dimension=2,5,10 --set training.batchSize=64,128 \
              --out sweeps/digits
            dotnet run -c Release --project Trainer -- sweep thyroid-anomaly \
              --data thyroid.csv --set optimizer.learningRate=1e-4..1e-2 \
              --set latent.dimension=2..5 --random 27 --halving --out sweeps/thyroid
            """,
        ["compare"] = """
            dotnet run --project Trainer -- compare artifacts/digits-vae \
              artifacts/digits-2d
            dotnet run --project Trainer -- compare sweeps/digits
            dotnet run --project Trainer -- compare artifacts/* --page results.md
            """,
    };
}
