using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.ML.Tests;

public sealed class TextOptionTests : TextFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_header_file_names_slots_and_leaves_all_lines_to_the_data(bool hasHeader)
    {
        var data = ML.Data.LoadFromTextFile(Write("rows.csv", "1,2,3\n4,5,6\n"), new TextLoader.Options
        {
            Separators = [','],
            HasHeader = hasHeader,
            HeaderFile = Write("header.csv", "# names\nid,height,width\n"),
            Columns = [new("Size", DataKind.Single, 1, 2)],
        });
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Size"].GetSlotNames(ref names);

        Assert.Equal(["height", "width"], names.DenseValues().Select(name => name.ToString()));
        Assert.Equal([[2, 3], [5, 6]], data.GetColumn<float[]>("Size"));
    }

    [Fact]
    public void Options_of_one_reading_go_with_what_a_file_says_of_itself()
    {
        var file = Save(ML.Data.LoadFromEnumerable(new[] { new Pair { Id = 1, Values = [1, 2] }, new Pair { Id = 2, Values = [3, 4] } }));
        var data = ML.Data.LoadFromTextFile(file, new TextLoader.Options { MaxRows = 1, UseThreads = false });

        Assert.Equal([1], data.GetColumn<int>("Id"));
    }

    [Fact]
    public void Other_options_stand_for_what_a_file_says_of_itself()
    {
        var file = Save(ML.Data.LoadFromEnumerable(new[] { new Pair { Id = 1, Values = [1, 2] } }));
        var data = ML.Data.LoadFromTextFile(file, new TextLoader.Options { HasHeader = true });

        Assert.Equal(["Label", "Features"], data.Schema.Select(column => column.Name));
        Assert.Equal([[1, 2]], data.GetColumn<float[]>("Features"));
    }

    [Fact]
    public void Vectors_of_any_size_are_saved_and_loaded_again()
    {
        var data = ML.Data.LoadFromEnumerable(new[] { new Loose { Values = [1, 2] }, new Loose { Values = [3] } });
        var file = Save(data);
        var again = ML.Data.LoadFromTextFile(file);

        Assert.Equal(["#@ TextLoader{", "#@   sep=tab", "#@   col=Values:R4:0-**", "#@ }", "1\t2", "3"], File.ReadAllLines(file));
        Assert.Equal(data.Schema["Values"].Type, again.Schema["Values"].Type);
        Assert.Equal([[1, 2], [3]], again.GetColumn<float[]>("Values"));
    }

    [Fact]
    public void A_column_before_a_vector_of_any_size_is_kept_apart()
    {
        var data = ML.Data.LoadFromEnumerable(new[] { new Tail { Id = 7, Values = [1, 2] }, new Tail { Id = 8, Values = [] } });
        var again = ML.Data.LoadFromTextFile(Save(data));

        Assert.Equal([7, 8], again.GetColumn<int>("Id"));
        Assert.Equal([[1, 2], []], again.GetColumn<float[]>("Values"));
    }

    [Fact]
    public void Whitespace_is_trimmed_at_the_ends_of_lines()
    {
        var data = ML.Data.LoadFromTextFile(Write("rows.csv", "a ,b \n"),
            [new("First", DataKind.String, 0), new("Last", DataKind.String, 1)], ',', trimWhitespace: true);

        Assert.Equal(["a "], data.GetColumn<string>("First"));
        Assert.Equal(["b"], data.GetColumn<string>("Last"));
    }

    [Theory]
    [InlineData("*.csv", new[] { 1f, 2 })]
    [InlineData("?.csv", new[] { 1f, 2 })]
    [InlineData("*", new[] { 1f, 2, 9 })]
    [InlineData(".../*.csv", new[] { 1f, 2, 3 })]
    [InlineData("...", new[] { 1f, 2, 9, 3 })]
    public void A_path_may_stand_for_several_files(string pattern, float[] expected)
    {
        Write("b.csv", "2\n");
        Write("a.csv", "1\n");
        Write("n.txt", "9\n");
        Write(Path.Combine("beneath", "c.csv"), "3\n");
        var path = Path.Combine(Folder, pattern);
        TextLoader.Column[] columns = [new("Value", DataKind.Single, 0)];

        Assert.Equal(expected, ML.Data.LoadFromTextFile(path, columns).GetColumn<float>("Value"));
        Assert.Equal(expected, ML.Data.CreateTextLoader(columns).Load(path).GetColumn<float>("Value"));
        Assert.Equal(expected.Length, new MultiFileSource(path).Count);
    }

    [Fact]
    public void A_path_that_no_file_matches_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() =>
        ML.Data.LoadFromTextFile(Path.Combine(Folder, "*.csv"), [new TextLoader.Column("Value", DataKind.Single, 0)]));

    private sealed class Pair
    {
        public int Id { get; set; }

        [VectorType(2)]
        public float[] Values { get; set; } = [];
    }

    private sealed class Loose
    {
        public float[] Values { get; set; } = [];
    }

    private sealed class Tail
    {
        public int Id { get; set; }

        public float[] Values { get; set; } = [];
    }
}
