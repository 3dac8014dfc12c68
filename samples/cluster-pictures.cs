#:project ../Inference/Inference.csproj

// Groups images by their latent codes:
//   dotnet run samples/cluster-pictures.cs -- BUNDLE FOLDER [CLUSTERS]
using Latent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

if (args.Length < 2)
{
    Console.Error.WriteLine("Say which bundle and which folder: dotnet run samples/cluster-pictures.cs -- BUNDLE FOLDER [CLUSTERS]");
    return 2;
}

var ml = new MLContext(seed: 1);
using var bundle = LatentBundle.Load(args[0]);
var files = Directory.GetFiles(args[1], "*", SearchOption.AllDirectories).Where(ImageFile.IsImage).Order(StringComparer.Ordinal).ToArray();
var data = ml.Data.LoadFromEnumerable(files.Select(file => new ImageRow { File = file, Image = ImageFile.Load(file) }));

// KMeans reads its rows many times and needs only the codes, so they are cached.
var codes = ml.Latent().Encode(bundle, "Code", "Image").Fit(data).Transform(data);
var rows = ml.Data.Cache(codes, "File", "Code");
var clusters = ml.Clustering.Trainers.KMeans("Code", numberOfClusters: args.Length > 2 ? int.Parse(args[2]) : 10).Fit(rows).Transform(rows);
foreach (
    var cluster in ml.Data.CreateEnumerable<Clustered>(clusters, reuseRowObject: false).GroupBy(r => r.PredictedLabel).OrderBy(g => g.Key)
)
{
    Console.WriteLine(
        $"cluster {cluster.Key}: {cluster.Count()} images, such as {string.Join(", ", cluster.Take(3).Select(r => Path.GetRelativePath(args[1], r.File)))}"
    );
}

return 0;

internal sealed class ImageRow
{
    public string File { get; set; } = "";

    [ImageType(112, 92)] // ML.NET requires a size; images of any other size are resized as well
    public MLImage Image { get; set; } = null!;
}

internal sealed class Clustered
{
    public string File { get; set; } = "";

    public uint PredictedLabel { get; set; }
}
