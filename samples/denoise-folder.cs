#:project ../Inference/Inference.csproj

// Cleans the images of a folder with a denoising autoencoder:
//   dotnet run samples/denoise-folder.cs -- BUNDLE FOLDER OUTPUT
using Latent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

if (args.Length != 3)
{
    Console.Error.WriteLine("Say which bundle and which folders: dotnet run samples/denoise-folder.cs -- BUNDLE FOLDER OUTPUT");
    return 2;
}

var ml = new MLContext();
using var bundle = LatentBundle.Load(args[0]);
Directory.CreateDirectory(args[2]);
var files = Directory.GetFiles(args[1]).Where(ImageFile.IsImage).Order(StringComparer.Ordinal);
var data = ml.Data.LoadFromEnumerable(files.Select(file => new ImageRow { File = file, Image = ImageFile.Load(file) }));

var denoised = ml.Latent().Denoise(bundle, "Denoised", "Image").Fit(data).Transform(data);
foreach (var row in ml.Data.CreateEnumerable<Cleaned>(denoised, reuseRowObject: true))
{
    // Images whose names differ only in their extension get separate files.
    var path = Path.Combine(
        args[2],
        Path.GetFileName(row.File) + (row.File.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? "" : ".png")
    );
    ImageWriter.SavePng(row.Denoised, bundle.Manifest.Input.Image!, path);
    Console.WriteLine(path);
}

return 0;

internal sealed class ImageRow
{
    public string File { get; set; } = "";

    [ImageType(112, 92)] // ML.NET requires a size; images of any other size are resized as well
    public MLImage Image { get; set; } = null!;
}

internal sealed class Cleaned
{
    public string File { get; set; } = "";

    public float[] Denoised { get; set; } = [];
}
