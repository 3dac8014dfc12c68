#nullable disable // as the package's annotations are
using Microsoft.ML.Data;

namespace Microsoft.ML;

public static class ImageEstimatorsCatalog
{
    public static ImageLoadingEstimator LoadImages(
        this TransformsCatalog catalog, string outputColumnName, string imageFolder, string inputColumnName = null) =>
        new(catalog, outputColumnName, imageFolder, inputColumnName ?? outputColumnName);
}
