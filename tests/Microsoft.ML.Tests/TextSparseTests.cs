using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.ML.Tests;

public sealed class TextSparseTests : TextFileTests
{
    private IDataView Load(string line, int? size, int last, DataKind kind = DataKind.Single, char separator = '\t') =>
        ML.Data.LoadFromTextFile(Write("sparse.txt", line + "\n"), new TextLoader.Options
        {
            Separators = [separator],
            AllowSparse = true,
            AllowQuoting = true,
            InputSize = size,
            Columns = [new("Values", kind, 0, last)],
        });

    private float[] Numbers(string line, int? size, int last, char separator = '\t') =>
        Load(line, size, last, separator: separator).GetColumn<float[]>("Values").Single();

    [Fact]
    public void Signed_labels_stand_before_items()
    {
        Assert.Equal([-1, 0, 0, 0, 0.5f], Numbers("-1 3:0.5", size: 5, last: 4, separator: ' '));
        Assert.Equal([-1, 0, 0, 0, 0], Numbers("-1 3:0.5", size: null, last: 4, separator: ' '));
    }

    [Fact]
    public void A_size_that_the_fields_before_the_items_fill_leaves_the_items_out()
    {
        Assert.Equal([1, 2], Numbers("1\t2\t3\t0:5", size: 2, last: 1));
        Assert.Equal([1, 2, 3, 5], Numbers("1\t2\t3\t0:5", size: 4, last: 3));
    }

    [Fact]
    public void A_huge_size_takes_no_room() => Assert.Equal([1, 5, 0, 0], Numbers("1\t2000000000\t0:5\t1999999999:7", size: null, last: 3));

    [Theory]
    [InlineData("1\t3\t2:5\t0:7", new[] { 1f, 0, 0, 5 })]
    [InlineData("1\t3\t0:5\t9", new[] { 1f, 5, 0, 0 })]
    [InlineData("1\t2\t0:5\t2:9", new[] { 1f, 5, 0, 0 })]
    [InlineData("1\t2\t1:5\t1:9", new[] { 1f, 0, 5, 0 })]
    [InlineData("1\t3\t0:\t2:6", new[] { 1f, 0, 0, 6 })]
    [InlineData("1:5\t2:6", new[] { 0f, 0, 0, 0 })]
    public void Items_out_of_order_or_size_end_a_line(string line, float[] expected) => Assert.Equal(expected, Numbers(line, null, 3));

    [Fact]
    public void Quoted_text_is_no_item()
    {
        Assert.Equal(["a", "3", "1:x"], Texts("a\t3\t\"1:x\"\t2:\"y\""));
        Assert.Equal(["a", "1:x", "b"], Texts("a\t\"1:x\"\tb"));
        Assert.Equal(["a", "http://x", "b"], Texts("a\thttp://x\tb"));
    }

    [Fact]
    public void The_text_of_an_item_may_be_quoted() => Assert.Equal(["a", "y\tz", "w"], Texts("a\t3\t1:\"y\tz\"\t2: w"));

    private IEnumerable<string> Texts(string line) => Load(line, null, 3, DataKind.String).GetColumn<string[]>("Values").Single()
        .Where(text => !string.IsNullOrEmpty(text));
}
