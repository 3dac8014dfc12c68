namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    internal TextLoader()
    {
    }
}
