using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Tests.Imaging;

public sealed class LoadImagesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("latent-imaging-").FullName;
    private readonly MLContext _ml = new(1);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Paths_become_pictures_of_their_own_size()
    {
        for (var i = 0; i < 5; i++)
        {
            using var image = Pictures.DrawImage(4 + i, 9 - i, seed: i);
            image.Save(Path.Combine(_folder, $"{i}.png"));
        }

        var rows = Enumerable.Range(0, 5).Select(i => new Source { File = $"{i}.png", Number = i });
        var view = _ml.Data.LoadFromEnumerable(rows);
        var transformer = _ml.Transforms.LoadImages("Picture", _folder, "File").Fit(view);
        var loaded = transformer.Transform(view);
        Assert.True(new ImageDataViewType().Equals(loaded.Schema["Picture"].Type));
        Assert.Equal(_folder, transformer.ImageFolder);

        var column = loaded.Schema["Picture"];
        using var cursor = loaded.GetRowCursor([column, loaded.Schema["Number"]]);
        var picture = cursor.GetGetter<MLImage>(column);
        var number = cursor.GetGetter<int>(loaded.Schema["Number"]);
        var seen = 0;
        while (cursor.MoveNext())
        {
            MLImage image = null!;
            var i = 0;
            picture(ref image);
            number(ref i);
            Assert.Equal((4 + i, 9 - i), (image.Width, image.Height));
            Assert.Equal(Path.Combine(_folder, $"{i}.png"), image.Tag);
            Assert.Equal(Pictures.Draw(4 + i, 9 - i, i), image.Pixels.ToArray());
            seen++;
        }

        Assert.Equal(5, seen);
    }

    [Fact]
    public void Nothing_is_read_before_a_cursor_moves()
    {
        var view = _ml.Data.LoadFromEnumerable([new Source { File = "absent.png" }]);
        var loaded = _ml.Transforms.LoadImages("Picture", _folder, "File").Fit(view).Transform(view);
        using var cursor = loaded.GetRowCursor([loaded.Schema["Picture"]]);
        var getter = cursor.GetGetter<MLImage>(loaded.Schema["Picture"]);
        Assert.True(cursor.MoveNext());
        MLImage image = null!;
        var error = Assert.ThrowsAny<Exception>(() => getter(ref image));
        Assert.Contains("absent.png", error.ToString());
    }

    private sealed class Source
    {
        public string File { get; set; } = "";

        public int Number { get; set; }
    }
}
