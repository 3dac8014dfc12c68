#nullable disable // as the package's annotations are
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Marks a member as a picture of known size. As in the package, a member marked without a size can't be registered.</summary>
public sealed class ImageTypeAttribute : DataViewTypeAttribute
{
    public ImageTypeAttribute()
    {
    }

    public ImageTypeAttribute(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Height = height;
        Width = width;
    }

    internal int Height { get; }

    internal int Width { get; }

    public override bool Equals(DataViewTypeAttribute other) =>
        other is ImageTypeAttribute image && Height == image.Height && Width == image.Width;

    public override int GetHashCode() => HashCode.Combine(Height, Width);

    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(Height, Width), typeof(MLImage), this);
}
