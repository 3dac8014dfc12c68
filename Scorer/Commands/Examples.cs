namespace Latent.Scorer.Commands;

/// <summary>Examples that help shows, by command; tests parse them.</summary>
internal static class Examples
{
    /// <summary>Examples of each command; those of the program itself have the name "".</summary>
    public static readonly IReadOnlyDictionary<string, string> ByCommand = new Dictionary<string, string>
    {
        [""] = """
            dotnet run --project Scorer -- inspect --model artifacts/digits-vae
            dotnet run --project Scorer -- encode --model artifacts/faces-ae \
              --input faces --output codes.csv
            dotnet run --project Scorer -- score --model artifacts/thyroid-anomaly \
              --input table.csv --output scores.csv
            dotnet run --project Scorer -- sample --model artifacts/digits-vae \
              --output samples
            """,
        ["encode"] = """
            dotnet run --project Scorer -- encode --model artifacts/faces-ae \
              --input faces --output codes.csv
            zcat big.csv.gz | dotnet run --project Scorer -- encode \
              --model artifacts/thyroid-anomaly --input - --output - | head
            """,
        ["reconstruct"] = """
            dotnet run --project Scorer -- reconstruct --model artifacts/faces-ae \
              --input faces --output reconstructed
            dotnet run --project Scorer -- reconstruct \
              --model artifacts/thyroid-anomaly --input table.csv --output table-out.csv
            """,
        ["denoise"] = """
            dotnet run --project Scorer -- denoise --model artifacts/denoise-pictures \
              --input "scans/**/*.png" --output cleaned --on-error skip
            """,
        ["score"] = """
            dotnet run --project Scorer -- score --model artifacts/thyroid-anomaly \
              --input table.csv --keep id --label anomaly --output scores.csv
            dotnet run --project Scorer -- score --model artifacts/thyroid-anomaly \
              --input "days/**/*.parquet" --output scores.parquet
            dotnet run --project Scorer -- score --model artifacts/table \
              --input today.csv --explain 3 --only-anomalies --alarm-rate 0.001 \
              --output anomalies.csv
            """,
        ["drift"] = """
            dotnet run --project Scorer -- drift --model artifacts/table \
              --input today.csv
            dotnet run --project Scorer -- drift --model artifacts/table \
              --input "today/*.parquet" --limit 0.2 --quiet --output drift.csv
            """,
        ["sample"] = """
            dotnet run --project Scorer -- sample --model artifacts/digits-vae \
              --count 100 --seed 7 --output samples
            """,
        ["merge"] = """
            dotnet run --project Scorer -- merge parts --output scores.csv
            dotnet run --project Scorer -- merge parts --index
            """,
        ["export"] = """
            dotnet run --project Scorer -- export --to triton artifacts/digits-vae models
            dotnet run --project Scorer -- export --to spark artifacts/table spark
            """,
        ["inspect"] = """
            dotnet run --project Scorer -- inspect --model artifacts/digits-vae
            """,
    };
}
