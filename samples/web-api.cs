#:sdk Microsoft.NET.Sdk.Web
#:project ../Inference/Inference.csproj

// Scores rows over HTTP with prediction engines:
//   dotnet run samples/web-api.cs -- --bundle BUNDLE --urls http://localhost:5080
//   curl localhost:5080/score -H "Content-Type: application/json" -d '{"features": [1, 2, 3]}'
using System.Collections.Concurrent;
using Latent;
using Latent.Contracts;
using Microsoft.ML;

var builder = WebApplication.CreateBuilder(args);
using var bundle = LatentBundle.Load(builder.Configuration["bundle"] ?? throw new LatentException("Say which bundle: --bundle BUNDLE"));
var ml = new MLContext();
var empty = ml.Data.LoadFromEnumerable<Row>([]);
var model = ml.Latent().Encode(bundle).Append(ml.Latent().Score(bundle)).Fit(empty);

// A prediction engine serves one request at a time; all engines share the bundle's graphs.
var engines = new ConcurrentBag<PredictionEngine<Row, Result>>();
var app = builder.Build();
app.MapGet(
    "/model",
    () =>
        new
        {
            bundle.Manifest.Name,
            bundle.Manifest.Kind,
            bundle.InputLength,
            bundle.LatentDimension,
        }
);
app.MapPost(
    "/score",
    (Row row) =>
    {
        if (row.Features?.Length != bundle.InputLength)
        {
            return Results.BadRequest(
                new { error = $"features has {row.Features?.Length ?? 0} values; it must have {bundle.InputLength}." }
            );
        }

        if (!engines.TryTake(out var engine))
            engine = ml.Model.CreatePredictionEngine<Row, Result>(model);
        try
        {
            var result = engine.Predict(row);
            // Values far from the training data can lead to an infinity, which JSON cannot represent.
            return float.IsFinite(result.Score) && result.Code.All(float.IsFinite)
                ? Results.Ok(result)
                : Results.BadRequest(new { error = "The row is too far from what was learned to have a score." });
        }
        catch (LatentException e)
        {
            return Results.BadRequest(new { error = e.Message });
        }
        finally
        {
            engines.Add(engine);
        }
    }
);
app.Run();

internal sealed class Row
{
    public float[] Features { get; set; } = [];
}

internal sealed class Result
{
    public float[] Code { get; set; } = [];

    public float Score { get; set; }
}
