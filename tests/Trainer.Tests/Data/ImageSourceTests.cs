using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Tests;
using Latent.Trainer.Data;
using Latent.Trainer.Tests.Helpers;
using Microsoft.ML.Data;

namespace Latent.Trainer.Tests.Data;

public sealed class ImageSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_are_labels_and_images_come_in_order_of_their_paths()
    {
        WriteImage("b/2.png", 4, 4, 20);
        WriteImage("a/1.png", 4, 4, 10);
        WriteImage("b/1.PNG", 4, 4, 30);
        _folder.Write("a/notes.txt", "no image");
        var data = Load(new ImageDescription(1, 4, 4));
        Assert.Equal([10, 30, 20], Enumerable.Range(0, 3).Select(i => data.Row(i)[0]));
        Assert.Equal(["a", "b", "b"], data.Labels!);
        Assert.Equal([16], data.Input.Shape);
        _folder.Write("b/3.Pbm", "P1 2 2 0110");
        Assert.Equal(4, Load(new ImageDescription(1, 4, 4)).Count);
    }

    [Fact]
    public void Images_are_resized_and_a_flat_one_stays_flat()
    {
        WriteImage("1.png", 9, 7, 100);
        Assert.All(Load(new ImageDescription(1, 20, 5)).Values, v => Assert.Equal(100, v, 3));
        Assert.All(Load(new ImageDescription(3, 3, 3)).Values, v => Assert.Equal(100, v, 3));
    }

    [Fact]
    public void An_image_becomes_the_same_row_in_training_and_in_scoring()
    {
        var random = new Random(5);
        foreach (var (width, height) in ((int, int)[])[(16, 12), (31, 50), (5, 3)])
        {
            var pixels = new byte[width * height * 4];
            random.NextBytes(pixels);
            using (var image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels))
                image.Save(_folder.File("1.png"));
            foreach (var wanted in (ImageDescription[])[new(1, 12, 16), new(3, 12, 16), new(3, 7, 20)])
            {
                var row = new float[wanted.Channels * wanted.Height * wanted.Width];
                new ImageReader(wanted).Read(_folder.File("1.png"), row);
                Assert.Equal(row, Load(wanted).Values);
            }
        }
    }

    [Fact]
    public void Bad_folders_and_images_are_refused_by_name()
    {
        Refuses("data.image is missing", _folder.Path, null);
        Refuses("holds no image", _folder.Path, new ImageDescription(1, 4, 4));
        Refuses("does not exist", _folder.File("none"), new ImageDescription(1, 4, 4));
        WriteImage("1.png", 4, 4, 0);
        _folder.Write("3.png", "no image");
        Refuses("3.png is not an image that can be read: PNG", _folder.Path, new ImageDescription(1, 4, 4));
    }

    [Fact]
    public void Limits_of_pixels_and_labels_from_folders_can_be_said()
    {
        WriteImage("a/1.png", 4, 4, 10);
        WriteImage("b/2.png", 5, 4, 20);
        var recipe = new DataRecipe
        {
            Source = DataSourceKind.Images,
            Path = _folder.Path,
            Image = new ImageDescription(1, 4, 4),
            Test = 0,
            Validation = 0,
            Label = "folder",
            MaxPixels = 19,
        };
        Assert.Contains(
            "2.png is 5 x 4 pixels; at most 19 pixels are read.",
            Assert.Throws<LatentException>(() => DataLoader.Load(Recipes.Reading(recipe))).Message
        );
        Assert.Equal(["a", "b"], DataLoader.Load(Recipes.Reading(recipe with { MaxPixels = 20 })).Train.Labels!.Order());
    }

    [Fact]
    public void Faces_of_the_shared_data_are_read_as_128_by_128_in_forty_groups_of_ten()
    {
        var recipe = Recipes.Reading(
            new DataRecipe
            {
                Source = DataSourceKind.Images,
                Path = World.SharedData("att_faces"),
                Image = new ImageDescription(1, 128, 128),
                GroupSize = 10,
            }
        );
        var data = DataLoader.Load(recipe);
        Assert.Equal(400, data.Train.Count + data.Validation!.Count + data.Test!.Count);
        Assert.All(data.Test.Labels!.GroupBy(label => label), person => Assert.Equal(10, person.Count()));
        Assert.InRange(data.Train.Values.Average(), 80, 150);
    }

    private DataSet Load(ImageDescription? image, string? path = null)
    {
        var recipe = Recipes.Reading(
            new DataRecipe
            {
                Source = DataSourceKind.Images,
                Path = path ?? _folder.Path,
                Image = image,
                Test = 0,
                Validation = 0,
            }
        );
        return DataLoader.Load(recipe).Train;
    }

    private void Refuses(string what, string path, ImageDescription? image)
    {
        var error = Assert.Throws<LatentException>(() => Load(image, path));
        Assert.Contains(what, error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    private void WriteImage(string name, int width, int height, byte grey)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        byte[] pixels = [.. Enumerable.Repeat(new byte[] { grey, grey, grey, 255 }, width * height).SelectMany(p => p)];
        using var image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
        image.Save(_folder.File(name.ToLowerInvariant()));
        if (name != name.ToLowerInvariant())
            File.Move(_folder.File(name.ToLowerInvariant()), _folder.File(name));
    }
}
