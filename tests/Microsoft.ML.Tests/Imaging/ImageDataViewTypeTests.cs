using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Tests.Imaging;

public sealed class ImageDataViewTypeTests
{
    [Fact]
    public void Types_of_one_size_are_equal()
    {
        Assert.True(new ImageDataViewType(4, 3).Equals(new ImageDataViewType(4, 3)));
        Assert.Equal(new ImageDataViewType(4, 3).GetHashCode(), new ImageDataViewType(4, 3).GetHashCode());
        Assert.False(new ImageDataViewType(4, 3).Equals(new ImageDataViewType(3, 4)));
        Assert.False(new ImageDataViewType().Equals(new ImageDataViewType(3, 4)));
        Assert.Equal(typeof(MLImage), new ImageDataViewType().RawType);
    }

    [Fact]
    public void Types_print_their_size()
    {
        Assert.Equal("Image", new ImageDataViewType().ToString());
        Assert.Equal("Image<4, 3>", new ImageDataViewType(4, 3).ToString());
    }

    [Fact]
    public void Sizes_must_be_positive_and_fit()
    {
        Assert.ThrowsAny<ArgumentException>(() => new ImageDataViewType(0, 3));
        Assert.ThrowsAny<ArgumentException>(() => new ImageDataViewType(3, -1));
        Assert.ThrowsAny<ArgumentException>(() => new ImageDataViewType(1 << 16, 1 << 16));
        Assert.ThrowsAny<ArgumentException>(() => new ImageTypeAttribute(3, 0));
    }

    [Fact]
    public void A_marked_member_becomes_an_image_column_and_comes_back()
    {
        var ml = new MLContext(1);
        using var image = MLImage.CreateFromPixels(3, 2, MLPixelFormat.Bgra32, Enumerable.Range(0, 24).Select(i => (byte)i).ToArray());
        var view = ml.Data.LoadFromEnumerable(new[] { new Row { Picture = image, Name = "a" } });
        Assert.True(new ImageDataViewType(2, 3).Equals(view.Schema["Picture"].Type));
        var back = ml.Data.CreateEnumerable<Row>(view, reuseRowObject: false).Single();
        Assert.Equal("a", back.Name);
        Assert.Equal(image.Pixels.ToArray(), back.Picture!.Pixels.ToArray());
    }

    private sealed class Row
    {
        [ImageType(2, 3)]
        public MLImage? Picture { get; set; }

        public string? Name { get; set; }
    }
}
