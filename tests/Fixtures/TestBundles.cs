using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;

namespace Latent.Tests;

/// <summary>Small bundles of the graphs that make_graphs.py made; each is written once a process.</summary>
internal static class TestBundles
{
    private static readonly Lazy<string> s_table = new(() => Write(TempFolder(), "table-vae"));
    private static readonly Lazy<string> s_pixels = new(() => Write(TempFolder(), "pixels-vae"));
    private static readonly Lazy<string> s_colour = new(() => Write(TempFolder(), "colour-ae"));
    private static readonly Lazy<string> s_mean = new(() => Write(TempFolder(), "mean-denoiser"));
    private static readonly Lazy<string> s_same = new(() => Write(TempFolder(), "same-denoiser"));

    /// <summary>Six columns a … f, variational with three latents, summed squared error of standardized columns.</summary>
    public static string Table => s_table.Value;

    /// <summary>Grey images of 8 x 8 as flat rows, variational with four latents, Bernoulli.</summary>
    public static string Pixels => s_pixels.Value;

    /// <summary>Colour images of 8 x 8, a plain convolutional autoencoder with five latents, mean squared error.</summary>
    public static string Colour => s_colour.Value;

    /// <summary>A denoiser of grey tiles of 8 x 8: the mean of the nine pixels around each, with zeros beyond the edge.</summary>
    public static string MeanDenoiser => s_mean.Value;

    /// <summary>A denoiser of colour tiles of 8 x 8 that gives each as it is.</summary>
    public static string SameDenoiser => s_same.Value;

    /// <summary>
    /// A table of passengers, which Models' own export wrote: class (words 1, 2 and 3), fare, age (often missing), sex, deck (mostly
    /// missing), alone (0 or 1), boarded (a date with time) and paid (yes or no), variational with three latents, with the scores of normal
    /// rows.
    /// </summary>
    public static string Passengers => Path.Combine(World.Root, "tests", "Fixtures", "mixed-vae");

    /// <summary>
    /// A table of numbers only: temperature, pressure, count and drift (sometimes missing), a plain autoencoder with two latents and the
    /// scores of normal rows.
    /// </summary>
    public static string Sensors => Path.Combine(World.Root, "tests", "Fixtures", "numbers-ae");

    /// <summary>A table of words only: colour and shape, a plain autoencoder with two latents, without the scores of normal rows.</summary>
    public static string Words => Path.Combine(World.Root, "tests", "Fixtures", "words-ae");

    /// <summary>
    /// A table with all kinds of columns, written by Trainer with the recipe table, whose score has the distance from 40 points.
    /// </summary>
    public static string Nearest => Path.Combine(World.Root, "tests", "Fixtures", "nearest-ae");

    /// <summary>
    /// Grey images of 8 x 8 as flat rows, conditioned on the labels dark and light, variational with three latents, Bernoulli; written by
    /// Trainer.
    /// </summary>
    public static string Labelled => Path.Combine(World.Root, "tests", "Fixtures", "labelled-vae");

    /// <summary>A folder that is gone when the process ends.</summary>
    public static string TempFolder()
    {
        var folder = Directory.CreateTempSubdirectory("latent-test-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        };
        return folder;
    }

    /// <summary>Writes a bundle as the folder's child of that name.</summary>
    public static string Write(string parent, string name)
    {
        var folder = Path.Combine(parent, name);
        using var writer = BundleWriter.Begin(folder);
        string[] roles = name.EndsWith("denoiser", StringComparison.Ordinal) ? ["autoencoder"] : ["encoder", "decoder", "autoencoder"];
        foreach (var role in roles)
            File.Copy(Path.Combine(World.Root, "tests", "Fixtures", $"{name}.{role}.onnx"), Path.Combine(writer.Folder, role + ".onnx"));
        writer.Complete(Manifest(name));
        return folder;
    }

    private static BundleManifest Manifest(string name)
    {
        var recipe = MakeRecipe(name);
        return new BundleManifest
        {
            Name = name,
            Description = "A test's bundle.",
            Kind = recipe.Kind,
            Input = name switch
            {
                "table-vae" => new InputDescription
                {
                    Shape = [6],
                    Unit = InputUnit.Table,
                    Columns = ["a", "b", "c", "d", "e", "f"],
                },
                "mean-denoiser" => new InputDescription
                {
                    Shape = [1, 8, 8],
                    Unit = InputUnit.Pixel,
                    Image = new ImageDescription(1, 8, 8),
                },
                "pixels-vae" => new InputDescription
                {
                    Shape = [64],
                    Unit = InputUnit.Pixel,
                    Image = new ImageDescription(1, 8, 8),
                },
                _ => new InputDescription
                {
                    Shape = [3, 8, 8],
                    Unit = InputUnit.Pixel,
                    Image = new ImageDescription(3, 8, 8),
                },
            },
            LatentDimension = recipe.Latent.Dimension,
            Reconstruction = name switch
            {
                "table-vae" => new ReconstructionDescription(ReconstructionKind.MeanSquaredError, ReductionKind.Sum),
                "pixels-vae" => new ReconstructionDescription(ReconstructionKind.Bernoulli, ReductionKind.Sum),
                _ => new ReconstructionDescription(ReconstructionKind.MeanSquaredError, ReductionKind.Mean),
            },
            Prior = recipe.Kind == ModelKind.Variational ? "standard normal" : null,
            Recipe = recipe,
            Seed = 1,
            StartedFrom = name == "colour-ae" ? new InitialWeights("smaller-ae", 12, new string('c', 64)) : null,
            Engine = "tests",
            Machine = "a test's processor, .NET",
            DataFingerprint = new string('0', 64),
            Created = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["test.loss"] = 1.25,
                ["export.max_relative_difference"] = 3e-6,
            },
            Files = [],
        };
    }

    private static Recipe MakeRecipe(string name) =>
        name switch
        {
            "table-vae" => new Recipe
            {
                Name = name,
                Kind = ModelKind.Variational,
                Data = new DataRecipe
                {
                    Source = DataSourceKind.Csv,
                    Path = "table.csv",
                    Scaling = ScalingKind.Standard,
                },
                Encoder = [Linear(8), new LayerRecipe { Type = LayerType.Tanh }],
                Latent = new LatentRecipe { Dimension = 3 },
                Decoder = [Linear(8), new LayerRecipe { Type = LayerType.Tanh }, Linear(6)],
                Objective = new ObjectiveRecipe { Reconstruction = ReconstructionKind.MeanSquaredError },
            },
            "pixels-vae" => new Recipe
            {
                Name = name,
                Kind = ModelKind.Variational,
                Data = new DataRecipe
                {
                    Source = DataSourceKind.Images,
                    Path = "pictures",
                    Image = new ImageDescription(1, 8, 8),
                },
                Encoder = [new LayerRecipe { Type = LayerType.Flatten }, Linear(16), new LayerRecipe { Type = LayerType.Relu }],
                Latent = new LatentRecipe { Dimension = 4 },
                Decoder = [Linear(16), new LayerRecipe { Type = LayerType.Relu }, Linear(64)],
                Objective = new ObjectiveRecipe { Reconstruction = ReconstructionKind.Bernoulli },
            },
            "mean-denoiser" => Denoiser(name, 1),
            "same-denoiser" => Denoiser(name, 3),
            _ => new Recipe
            {
                Name = name,
                Kind = ModelKind.Autoencoder,
                Data = new DataRecipe
                {
                    Source = DataSourceKind.Images,
                    Path = "pictures",
                    Image = new ImageDescription(3, 8, 8),
                },
                Encoder =
                [
                    new LayerRecipe
                    {
                        Type = LayerType.Conv2d,
                        Out = 4,
                        Kernel = 3,
                        Stride = 2,
                        Padding = 1,
                    },
                    new LayerRecipe { Type = LayerType.Relu },
                    new LayerRecipe { Type = LayerType.Flatten },
                ],
                Latent = new LatentRecipe { Dimension = 5 },
                Decoder =
                [
                    Linear(64),
                    new LayerRecipe { Type = LayerType.Relu },
                    new LayerRecipe { Type = LayerType.Unflatten, Shape = [4, 4, 4] },
                    new LayerRecipe
                    {
                        Type = LayerType.ConvTranspose2d,
                        Out = 3,
                        Kernel = 4,
                        Stride = 2,
                        Padding = 1,
                    },
                ],
                Objective = new ObjectiveRecipe { Reconstruction = ReconstructionKind.MeanSquaredError, Reduction = ReductionKind.Mean },
            },
        };

    private static Recipe Denoiser(string name, int channels) =>
        new()
        {
            Name = name,
            Kind = ModelKind.Denoiser,
            Data = new DataRecipe
            {
                Source = DataSourceKind.Images,
                Path = "pictures",
                Image = new ImageDescription(channels, 8, 8),
            },
            Noise = new NoiseRecipe { Kind = NoiseKind.Gaussian, Amount = 0.1 },
            Encoder =
            [
                new LayerRecipe
                {
                    Type = LayerType.Conv2d,
                    Out = channels,
                    Kernel = 3,
                    Padding = 1,
                    Bias = false,
                },
            ],
            Objective = new ObjectiveRecipe { Reconstruction = ReconstructionKind.MeanSquaredError, Reduction = ReductionKind.Mean },
        };

    private static LayerRecipe Linear(int features) => new() { Type = LayerType.Linear, Out = features };
}
