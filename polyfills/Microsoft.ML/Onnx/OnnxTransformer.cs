using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Onnx;

public sealed class OnnxTransformer : RowToRowTransformerBase, IDisposable
{
    internal const string Signature = "OnnxTransform";
    private readonly IDictionary<string, int[]> _shapes;

    internal OnnxTransformer(OnnxModel model, OnnxOptions options)
    {
        Model = model;
        _shapes = options.ShapeDictionary ?? new Dictionary<string, int[]>();
        try
        {
            Inputs = model.Inputs(options.InputColumns);
            Outputs = model.Outputs(options.OutputColumns);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    internal OnnxModel Model { get; }

    internal OnnxVariable[] Inputs { get; }

    internal OnnxVariable[] Outputs { get; }

    public void Dispose() => Model.Dispose();

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var reader = ctx.Reader;
        var bytes = ctx.LoadBytes("OnnxModel");
        var options = new OnnxOptions
        {
            InputColumns = reader.Read(reader.ReadString),
            OutputColumns = reader.Read(reader.ReadString),
            ShapeDictionary = reader.Read(() => (Name: reader.ReadString(), Shape: reader.Read(reader.ReadInt32)))
                .ToDictionary(s => s.Name, s => s.Shape),
            GpuDeviceId = ctx.Host.GpuDeviceId,
            FallbackToCpu = ctx.Host.FallbackToCpu,
        };
        return new OnnxTransformer(OnnxModel.FromBytes(bytes, options), options);
    }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new OnnxRowMapper(inputSchema, this);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        var writer = ctx.Writer;
        ctx.Sign(Signature);
        ctx.SaveBytes("OnnxModel", Model.ReadBytes());
        writer.Write([.. Inputs.Select(variable => variable.Name)], writer.Write);
        writer.Write([.. Outputs.Select(variable => variable.Name)], writer.Write);
        writer.Write([.. _shapes], shape =>
        {
            writer.Write(shape.Key);
            writer.Write(shape.Value, writer.Write);
        });
    }
}
