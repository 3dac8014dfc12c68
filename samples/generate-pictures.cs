#:project ../Inference/Inference.csproj

// Generates images, then interpolates from the first to the last of them:
//   dotnet run samples/generate-pictures.cs -- BUNDLE OUTPUT [COUNT] [SEED]
using Latent;
using Microsoft.ML;

if (args.Length < 2)
{
    Console.Error.WriteLine("Say which bundle and which folder: dotnet run samples/generate-pictures.cs -- BUNDLE OUTPUT [COUNT] [SEED]");
    return 2;
}

var ml = new MLContext();
using var bundle = LatentBundle.Load(args[0]);
Directory.CreateDirectory(args[1]);
var drawn = ml.Latent().Generate(bundle, args.Length > 2 ? int.Parse(args[2]) : 16, args.Length > 3 ? long.Parse(args[3]) : 0);
var codes = Save(drawn, "drawn");
Save(
    ml.Latent()
        .Interpolate(
            bundle,
            new InterpolateOptions
            {
                From = codes[0],
                To = codes[^1],
                Steps = 8,
                Spherical = true,
            }
        ),
    "between"
);
return 0;

List<float[]> Save(IDataView rows, string name)
{
    var codes = new List<float[]>();
    foreach (var row in ml.Data.CreateEnumerable<Made>(rows, reuseRowObject: false))
    {
        var path = Path.Combine(args[1], $"{name}-{codes.Count:00}.png");
        ImageWriter.SavePng(row.Output, bundle.Manifest.Input.Image!, path);
        Console.WriteLine(path);
        codes.Add(row.Code);
    }

    return codes;
}

internal sealed class Made
{
    public float[] Code { get; set; } = [];

    public float[] Output { get; set; } = [];
}
