namespace Latent.Trainer.Commands;

/// <summary>Examples that help shows, by command; tests parse them.</summary>
internal static class Examples
{
    /// <summary>Examples of each command; those of the program itself have the name "".</summary>
    public static readonly IReadOnlyDictionary<string, string> ByCommand = new Dictionary<string, string>
    {
        [""] = """
            dotnet run --project Trainer
              Trains digits-vae on digits that the program draws, in about a minute.
            dotnet run --project Trainer -- list
              Lists all recipes.
            dotnet run -c Release --project Trainer -- mnist-vae --data data/mnist
              Trains a recipe on your data.
            dotnet run --project Trainer -- digits-vae --set latent.dimension=2 \
              --epochs 3 --out artifacts/digits-2d
              Changes a recipe.
            dotnet run --project Trainer -- my-recipe.json --data table.csv --resume
              Continues an unfinished run of a recipe of your own.
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
              Estimates the likelihood of all held-out rows.
            dotnet run --project Trainer -- evaluate artifacts/digits-vae --samples 500 \
              --count 100 --graphs
              Makes a quick check of the exported graphs.
            """,
        ["draw"] = """
            dotnet run --project Trainer -- draw artifacts/digits-vae prior-sample \
              --count 20 --output samples.png
            dotnet run --project Trainer -- draw artifacts/digits-2d mean \
              --code 0.5,-1 --output mean.png
            """,
        ["compare"] = """
            dotnet run --project Trainer -- compare artifacts/digits-vae \
              artifacts/digits-2d
            dotnet run --project Trainer -- compare artifacts/* --page results.md
            """,
    };
}
