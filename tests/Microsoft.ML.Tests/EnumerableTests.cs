using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.ML.Tests;

public class EnumerableTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static Sample[] Samples =>
    [
        new() { Id = "a", Pixels = [1, 2, 3], Count = 7, Label = 0, When = new DateTime(2020, 1, 2), Words = ["x", "y"] },
        new() { Id = "b", Pixels = [4, 5, 6], Count = -1, Label = 2, When = new DateTime(2021, 1, 2), Words = [] },
        new() { Id = null, Pixels = [7, 8, 9], Count = 0, Label = 9, When = default, Words = null },
    ];

    [Fact]
    public void Members_become_columns_of_their_types()
    {
        var schema = _ml.Data.LoadFromEnumerable(Samples).Schema;

        Assert.Equal(["Count", "Id", "Key", "Pixels", "When", "Words"], schema.Select(column => column.Name).Order());
        Assert.Equal(TextDataViewType.Instance, schema["Id"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), schema["Pixels"].Type);
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), schema["Key"].Type);
        Assert.Equal(new VectorDataViewType(TextDataViewType.Instance), schema["Words"].Type);
        Assert.Equal("Vector<Single, 3>", schema["Pixels"].Type.ToString());
        Assert.Equal("Key<UInt32, 0-2>", schema["Key"].Type.ToString());
        Assert.Equal("Id: String", schema["Id"].ToString());
    }

    [Fact]
    public void What_was_loaded_is_enumerated_again()
    {
        var again = _ml.Data.CreateEnumerable<Sample>(_ml.Data.LoadFromEnumerable(Samples), reuseRowObject: false).ToArray();

        Assert.Equal(["a", "b", ""], again.Select(sample => sample.Id));
        Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 8, 9], again.SelectMany(sample => sample.Pixels));
        Assert.Equal([7, -1, 0], again.Select(sample => sample.Count));
        Assert.Equal(2, again[0].Words!.Length);
        Assert.Null(again[2].Words);
        Assert.Equal(new DateTime(2021, 1, 2), again[1].When);
    }

    [Fact]
    public void Keys_count_from_one_and_what_is_out_of_range_is_missing() =>
        Assert.Equal([1u, 3, 0], _ml.Data.LoadFromEnumerable(Samples).GetColumn<uint>("Key"));

    [Fact]
    public void Reused_row_objects_are_one_object()
    {
        var view = _ml.Data.LoadFromEnumerable(Samples);

        Assert.Single(_ml.Data.CreateEnumerable<Sample>(view, reuseRowObject: true).Distinct());
        Assert.Equal(3, _ml.Data.CreateEnumerable<Sample>(view, reuseRowObject: false).Distinct().Count());
    }

    [Fact]
    public void Nothing_is_enumerated_before_a_cursor_moves()
    {
        var view = _ml.Data.LoadFromEnumerable(Throwing());
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<int>(view.Schema["Count"]);

        Assert.Null(view.GetRowCount());
        Assert.Throws<NotSupportedException>(() => cursor.MoveNext());
        Assert.NotNull(getter);

        static IEnumerable<Sample> Throwing() => Samples.Select<Sample, Sample>(_ => throw new NotSupportedException());
    }

    [Fact]
    public void Row_counts_are_known_of_collections() =>
        Assert.Equal(3, _ml.Data.LoadFromEnumerable(Samples).GetRowCount());

    [Fact]
    public void Only_active_columns_have_getters()
    {
        var view = _ml.Data.LoadFromEnumerable(Samples);
        using var cursor = view.GetRowCursor([view.Schema["Count"]]);

        Assert.True(cursor.IsColumnActive(view.Schema["Count"]));
        Assert.False(cursor.IsColumnActive(view.Schema["Id"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Id"]));
    }

    [Fact]
    public void A_getter_of_another_type_is_refused_with_the_column()
    {
        var view = _ml.Data.LoadFromEnumerable(Samples);
        using var cursor = view.GetRowCursor(view.Schema);

        var error = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(view.Schema["Count"]));
        Assert.Contains("Count", error.Message);
    }

    [Fact]
    public void A_view_is_read_by_several_cursors_at_once()
    {
        var view = _ml.Data.LoadFromEnumerable(Samples);
        using var first = view.GetRowCursor(view.Schema);
        using var second = view.GetRowCursor(view.Schema);
        var (a, b) = (first.GetGetter<int>(view.Schema["Count"]), second.GetGetter<int>(view.Schema["Count"]));
        var (x, y) = (0, 0);

        Assert.True(first.MoveNext() && first.MoveNext() && second.MoveNext());
        a(ref x);
        b(ref y);
        Assert.Equal((-1, 7), (x, y));
        Assert.Equal((1, 0), (first.Position, second.Position));
        Assert.True(first.MoveNext());
        Assert.False(first.MoveNext());
        Assert.Equal(-1, first.Position);
    }

    [Fact]
    public void A_member_without_a_column_is_refused_unless_it_may_miss()
    {
        var view = _ml.Data.LoadFromEnumerable(Samples);

        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<Other>(view, false));
        Assert.Equal([7, -1, 0], _ml.Data.CreateEnumerable<Other>(view, false, ignoreMissingColumns: true).Select(other => other.Count));
    }

    [Fact]
    public void A_member_of_another_type_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateEnumerable<Wrong>(_ml.Data.LoadFromEnumerable(Samples), false));

    [Fact]
    public void A_schema_definition_changes_types_and_names()
    {
        var definition = SchemaDefinition.Create(typeof(Sample));
        definition["Pixels"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, 1);
        definition["Count"].ColumnName = "Many";
        var schema = _ml.Data.LoadFromEnumerable(Samples, definition).Schema;

        Assert.Equal("Vector<Single, 3, 1>", schema["Pixels"].Type.ToString());
        Assert.NotNull(schema.GetColumnOrNull("Many"));
        Assert.Null(schema.GetColumnOrNull("Count"));
    }

    [Fact]
    public void Members_of_types_without_a_column_type_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(new[] { new Unknown() }));

    private sealed class Sample
    {
        public string? Id { get; set; }

        [VectorType(3)]
        public float[] Pixels { get; set; } = [];

        public int Count { get; set; }

        [KeyType(3)]
        [ColumnName("Key")]
        public uint Label { get; set; }

        public DateTime When;

        public string[]? Words;

        [NoColumn]
        public object Ignored { get; set; } = new();
    }

    private sealed class Other
    {
        public int Count { get; set; }

        public float Absent { get; set; }
    }

    private sealed class Wrong
    {
        public double Count { get; set; }
    }

    private sealed class Unknown
    {
        public Uri? Address { get; set; }
    }
}
