using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.ML.Tests;

public sealed class TextTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"latent-{Guid.NewGuid():N}.txt");

    public void Dispose() => File.Delete(_file);

    private IDataView Load(string text, TextLoader.Column[] columns, char separator = ',', bool header = false, bool quoting = false,
        bool trim = false, bool sparse = false)
    {
        File.WriteAllText(_file, text);
        return _ml.Data.LoadFromTextFile(_file, columns, separator, header, quoting, trim, sparse);
    }

    [Fact]
    public void Columns_are_ranges_of_fields()
    {
        var data = Load("a,1,2.5,true\nb,-3,4e-1,0\n",
            [new("Id", DataKind.String, 0), new("Values", DataKind.Single, 1, 2), new("Flag", DataKind.Boolean, 3), new("Whole", DataKind.Int32, 1)]);

        Assert.Equal(["a", "b"], data.GetColumn<string>("Id"));
        Assert.Equal([[1, 2.5f], [-3, 0.4f]], data.GetColumn<float[]>("Values"));
        Assert.Equal([true, false], data.GetColumn<bool>("Flag"));
        Assert.Equal([1, -3], data.GetColumn<int>("Whole"));
        Assert.Equal("Vector<Single, 2>", data.Schema["Values"].Type.ToString());
        Assert.Null(data.GetRowCount());
        Assert.False(data.CanShuffle);
    }

    [Fact]
    public void Headers_name_the_slots_of_vectors()
    {
        File.WriteAllText(_file, "id,height,width\na,1,2\n");
        var data = _ml.Data.LoadFromTextFile(_file,
            new TextLoader.Options { Separators = [','], HasHeader = true, Columns = [new("Values", DataKind.Single, 1, 2)] });
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Values"].GetSlotNames(ref names);

        Assert.Equal(["height", "width"], names.DenseValues().Select(name => name.ToString()));
        Assert.Single(data.GetColumn<float[]>("Values"));
    }

    [Fact]
    public void Fields_that_are_empty_missing_or_no_numbers_have_values_all_the_same()
    {
        var data = Load("1,x\n,\nabc,y\n?,z\n5\n", [new("Number", DataKind.Single, 0), new("Text", DataKind.String, 1)]);

        Assert.Equal([1, 0, float.NaN, float.NaN, 5], data.GetColumn<float>("Number"));
        Assert.Equal(["x", "", "y", "z", ""], data.GetColumn<string>("Text"));
    }

    [Fact]
    public void Empty_reals_are_missing_values_where_so_asked()
    {
        File.WriteAllText(_file, "1,2\n,3\n");
        var data = _ml.Data.LoadFromTextFile(_file, new TextLoader.Options
        {
            Separators = [','],
            MissingRealsAsNaNs = true,
            Columns = [new("First", DataKind.Single, 0), new("Second", DataKind.Double, 1)],
        });

        Assert.Equal([1, float.NaN], data.GetColumn<float>("First"));
    }

    [Fact]
    public void Blank_lines_and_comments_are_no_rows()
    {
        var data = Load("#@ about\n\n// note\n1\n\n// note\n2\n", [new("Number", DataKind.Single, 0)]);

        Assert.Equal([1, 2], data.GetColumn<float>("Number"));
    }

    [Fact]
    public void Quotes_hold_separators_and_quotes()
    {
        const string Text = "\"a,\"\"b\"\"\",1\n\"\",2\n";
        var columns = new TextLoader.Column[] { new("Text", DataKind.String, 0), new("Number", DataKind.Single, 1) };

        Assert.Equal(["a,\"b\"", ""], Load(Text, columns, quoting: true).GetColumn<string>("Text"));
        Assert.Equal([1, 2], Load(Text, columns, quoting: true).GetColumn<float>("Number"));
        Assert.Equal("\"a", Load(Text, columns).GetColumn<string>("Text").First());
    }

    [Fact]
    public void Quotes_hold_line_breaks_where_so_asked()
    {
        File.WriteAllText(_file, "\"one\ntwo\",1\nthree,2\n");
        var data = _ml.Data.LoadFromTextFile(_file, new TextLoader.Options
        {
            Separators = [','],
            AllowQuoting = true,
            ReadMultilines = true,
            Columns = [new("Text", DataKind.String, 0), new("Number", DataKind.Single, 1)],
        });

        Assert.Equal(["one\ntwo", "three"], data.GetColumn<string>("Text"));
        Assert.Equal([1, 2], data.GetColumn<float>("Number"));
    }

    [Fact]
    public void Spaces_before_fields_go_and_those_after_them_stay_unless_trimmed()
    {
        var columns = new TextLoader.Column[] { new("Text", DataKind.String, 0), new("More", DataKind.String, 1) };

        Assert.Equal(["a "], Load("  a ,b \n", columns).GetColumn<string>("Text"));
        Assert.Equal(["b "], Load("  a ,b \n", columns).GetColumn<string>("More"));
        Assert.Equal(["b"], Load("  a ,b \n", columns, trim: true).GetColumn<string>("More"));
    }

    [Fact]
    public void Keys_in_text_count_from_zero()
    {
        var data = Load("0\n2\n3\nx\n", [new("Key", DataKind.UInt32, [new(0)], new KeyCount(3))]);

        Assert.Equal(new KeyDataViewType(typeof(uint), 3), data.Schema["Key"].Type);
        Assert.Equal([1u, 3, 0, 0], data.GetColumn<uint>("Key"));
    }

    [Fact]
    public void Ranges_without_an_end_go_to_the_end_of_the_first_line()
    {
        TextLoader.Column[] columns = [new("Values", DataKind.Single, [new TextLoader.Range(1, null)])];
        File.WriteAllText(_file, "a,1,2,3\nb,4,5,6\n");
        var data = _ml.Data.LoadFromTextFile(_file, new TextLoader.Options { Separators = [','], Columns = columns });

        Assert.Equal([[1, 2, 3], [4, 5, 6]], data.GetColumn<float[]>("Values"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromTextFile(_file, columns, ','));
    }

    [Fact]
    public void Sparse_lines_are_spread()
    {
        var data = Load("a\t6\t1:5\t4:7\nb\t1\t2\t3\t4\t5\t6\n", [new("Values", DataKind.Single, 1, 6)], '\t', sparse: true);

        Assert.Equal([[0, 5, 0, 0, 7, 0], [1, 2, 3, 4, 5, 6]], data.GetColumn<float[]>("Values"));
    }

    [Fact]
    public void Attributes_say_which_fields_are_loaded()
    {
        File.WriteAllText(_file, "a;1;2;9\n");
        var data = _ml.Data.LoadFromTextFile<Row>(_file, ';');
        var row = _ml.Data.CreateEnumerable<Row>(data, false).Single();

        Assert.Equal("a", row.Id);
        Assert.Equal([1, 2], row.Values);
        Assert.Equal(9, row.Last);
        Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateTextLoader<Nothing>());
    }

    [Fact]
    public void A_loader_reads_several_files_and_nothing_before_a_cursor_moves()
    {
        File.WriteAllText(_file, "1\n2\n");
        var loader = _ml.Data.CreateTextLoader([new("Number", DataKind.Single, 0)]);
        var absent = loader.Load(new MultiFileSource(_file + ".absent"));

        Assert.Equal([1, 2, 1, 2], loader.Load(_file, _file).GetColumn<float>("Number"));
        Assert.Equal("Number", absent.Schema.Single().Name);
        Assert.Equal("Number", loader.GetOutputSchema().Single().Name);
        Assert.ThrowsAny<Exception>(() => absent.GetColumn<float>("Number").ToArray());
    }

    [Fact]
    public void An_absent_file_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromTextFile<Row>(_file));

    [Fact]
    public void What_is_saved_as_text_is_loaded_again()
    {
        var data = _ml.Data.LoadFromEnumerable(new[]
        {
            new Row { Id = "plain", Values = [1.5f, float.NaN], Last = 3 },
            new Row { Id = "with, \"quotes\"", Values = [-1e10f, 0], Last = -0.25f },
        });
        using (var stream = File.Create(_file))
            _ml.Data.SaveAsText(data, stream, ',', forceDense: true);
        var lines = File.ReadAllLines(_file);

        Assert.Equal("#@ TextLoader{", lines[0]);
        Assert.Contains("#@   col=Id:TX:0", lines);
        Assert.Equal(["Id,\"\",\"\",Last", "plain,1.5,?,3", "\"with, \"\"quotes\"\"\",-1E+10,0,-0.25"], lines[^3..]);
        var again = _ml.Data.CreateEnumerable<Row>(_ml.Data.LoadFromTextFile<Row>(_file, ',', hasHeader: true, allowQuoting: true), false)
            .ToArray();
        Assert.Equal(["plain", "with, \"quotes\""], again.Select(row => row.Id));
        Assert.Equal([1.5f, float.NaN, -1e10f, 0], again.SelectMany(row => row.Values));
    }

    [Fact]
    public void Files_that_describe_themselves_need_no_columns()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Row { Id = "a", Values = [1, 2], Last = 3 },
            new Row { Id = "c", Values = [4, 5], Last = 6 } });
        using (var stream = File.Create(_file))
            _ml.Data.SaveAsText(data, stream, forceDense: true);
        var again = _ml.Data.LoadFromTextFile(_file);

        Assert.Equal(data.Schema.Select(column => (column.Name, column.Type)), again.Schema.Select(column => (column.Name, column.Type)));
        Assert.Equal(["a", "c"], again.GetColumn<string>("Id"));
        Assert.Equal([[1, 2], [4, 5]], again.GetColumn<float[]>("Values"));
    }

    [Fact]
    public void Text_is_saved_without_header_and_schema_where_so_asked()
    {
        using var stream = new MemoryStream();
        _ml.Data.SaveAsText(_ml.Data.LoadFromEnumerable(new[] { new Row { Id = "a", Values = [1, 2], Last = 3 } }), stream,
            headerRow: false, schema: false);

        Assert.Equal("a\t1\t2\t3", Encoding.UTF8.GetString(stream.ToArray()).Trim());
    }

    private sealed class Row
    {
        [LoadColumn(0)]
        public string Id = "";

        [LoadColumn(1, 2)]
        [VectorType(2)]
        public float[] Values = [];

        [LoadColumn(3)]
        public float Last;
    }

    private sealed class Nothing
    {
        public float Number { get; set; }
    }
}
