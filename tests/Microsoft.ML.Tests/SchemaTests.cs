using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.ML.Tests;

public class SchemaTests
{
    [Fact]
    public void Types_are_equal_by_what_they_say()
    {
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), new VectorDataViewType(NumberDataViewType.Single, 3));
        Assert.NotEqual<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 3),
            new VectorDataViewType(NumberDataViewType.Double, 3));
        Assert.NotEqual(new VectorDataViewType(NumberDataViewType.Single, 3), new VectorDataViewType(NumberDataViewType.Single, 1, 3));
        Assert.Equal(new KeyDataViewType(typeof(uint), 4), new KeyDataViewType(typeof(uint), 4UL));
        Assert.NotEqual(new KeyDataViewType(typeof(uint), 4), new KeyDataViewType(typeof(byte), 4));
        Assert.Equal(typeof(VBuffer<float>), new VectorDataViewType(NumberDataViewType.Single).RawType);
    }

    [Fact]
    public void Types_read_as_text()
    {
        Assert.Equal("Vector<Single>", new VectorDataViewType(NumberDataViewType.Single).ToString());
        Assert.Equal("Vector<Single, 2, *>", new VectorDataViewType(NumberDataViewType.Single, 2, 0).ToString());
        Assert.Equal("Key<Byte, 0-3>", new KeyDataViewType(typeof(byte), 4).ToString());
        Assert.Equal(["String", "Boolean", "Int64", "DateTime"],
            new DataViewType[] { TextDataViewType.Instance, BooleanDataViewType.Instance, NumberDataViewType.Int64,
                DateTimeDataViewType.Instance }.Select(type => type.ToString()));
    }

    [Fact]
    public void Sizes_with_an_unknown_dimension_are_unknown()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, 2, 0);

        Assert.False(type.IsKnownSize);
        Assert.Equal(0, type.Size);
        Assert.Equal(6, new VectorDataViewType(NumberDataViewType.Single, 2, 3).Size);
    }

    [Fact]
    public void Types_that_can_not_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(int), 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(byte), 400));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), 0UL));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Single, -1));
    }

    [Fact]
    public void Of_columns_with_one_name_the_last_hides_the_others()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("A", NumberDataViewType.Double);
        var schema = builder.ToSchema();

        Assert.True(schema[0].IsHidden);
        Assert.False(schema[1].IsHidden);
        Assert.Equal(1, schema["A"].Index);
        Assert.Null(schema.GetColumnOrNull("B"));
        Assert.Contains("'B'", Assert.Throws<ArgumentOutOfRangeException>(() => schema["B"]).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => schema[2]);
    }

    [Fact]
    public void Annotations_are_typed_values_under_names()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Answer", NumberDataViewType.Int32, 42);
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2), (ref VBuffer<ReadOnlyMemory<char>> value) =>
            value = new(2, ["x".AsMemory(), "y".AsMemory()]));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("A", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        var column = schema.ToSchema()["A"];
        var answer = 0;
        column.Annotations.GetValue("Answer", ref answer);
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);

        Assert.Equal(42, answer);
        Assert.True(column.HasSlotNames());
        Assert.False(column.IsNormalized());
        Assert.False(column.HasKeyValues());
        Assert.Equal(["x", "y"], names.DenseValues().Select(name => name.ToString()));
        Assert.Equal("A: Vector<Single, 2> {Answer, SlotNames}", column.ToString());
        Assert.Throws<InvalidOperationException>(() => column.Annotations.GetValue("Question", ref answer));
    }

    [Fact]
    public void Buffers_are_dense_or_sparse()
    {
        var sparse = new VBuffer<float>(5, 2, [7, 9], [1, 3]);
        var dense = default(VBuffer<float>);
        sparse.CopyToDense(ref dense);
        var middle = default(VBuffer<float>);
        sparse.CopyTo(ref middle, 1, 3);

        Assert.False(sparse.IsDense);
        Assert.Equal([0, 7, 0, 9, 0], dense.GetValues().ToArray());
        Assert.Equal([0, 7, 0, 9, 0], sparse.DenseValues());
        Assert.Equal([KeyValuePair.Create(1, 7f), KeyValuePair.Create(3, 9f)], sparse.Items());
        Assert.Equal(5, sparse.Items(all: true).Count());
        Assert.Equal([7, 0, 9], middle.DenseValues());
        Assert.Equal(9, sparse.GetItemOrDefault(3));
        Assert.Equal(0, sparse.GetItemOrDefault(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => sparse.GetItemOrDefault(5));
        Assert.Equal("Sparse vector of size 5, 2 explicit values", sparse.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, [1, 2]));
    }

    [Fact]
    public void Editors_use_the_memory_that_is_there()
    {
        var values = new float[4];
        var buffer = new VBuffer<float>(4, values);
        var editor = VBufferEditor.Create(ref buffer, 3);
        editor.Values[0] = 5;
        buffer = editor.Commit();

        Assert.False(editor.CreatedNewValues);
        Assert.Equal(5, values[0]);
        Assert.Equal(3, buffer.Length);
        Assert.True(VBufferEditor.Create(ref buffer, 40).CreatedNewValues);
    }

    [Fact]
    public void Row_ids_make_further_ids()
    {
        var id = new DataViewRowId(1, 2);

        Assert.Equal("00000000000000020000000000000001", id.ToString());
        Assert.NotEqual(id.Fork(), id.Next());
        Assert.NotEqual(id.Combine(new(1, 0)), id.Combine(new(2, 0)));
        Assert.Equal(id.Combine(new(1, 0)), id.Combine(new(1, 0)));
        Assert.True(id.CompareTo(new DataViewRowId(5, 1)) > 0);
    }

    [Fact]
    public void Row_ids_are_MurmurHash3_steps()
    {
        var id = new DataViewRowId(1, 2);

        Assert.Equal("000000079e99deb4000000007adce733", id.Next().ToString());
    }
}
