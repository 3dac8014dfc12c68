using Latent.Trainer.Data;

namespace Latent.Trainer.Tests.Data;

public sealed class DrawnDigitsTests
{
    [Fact]
    public void The_seed_decides_and_a_longer_set_begins_with_the_shorter()
    {
        var (few, many) = (DrawnDigits.Draw(50, 3), DrawnDigits.Draw(80, 3));
        Assert.Equal(few.Values, many.Values[..few.Values.Length]);
        Assert.NotEqual(few.Values, DrawnDigits.Draw(50, 4).Values);
        Assert.Equal([1, 28, 28], few.Input.Shape);
    }

    [Fact]
    public void Images_are_light_ink_on_black_with_a_margin_like_mnist()
    {
        var digits = DrawnDigits.Draw(500, 1);
        Assert.All(digits.Values, v => Assert.InRange(v, 0, 255));
        Assert.InRange(digits.Values.Average() / 255, 0.08, 0.20);
        for (var i = 0; i < digits.Count; i++)
        {
            var row = digits.Row(i).ToArray();
            Assert.True(row.Max() > 200, $"digit {i} has no ink");
            Assert.True(row[..28].Max() < 128 && row[^28..].Max() < 128, $"digit {i} touches the edge");
        }
    }

    [Fact]
    public void All_ten_digits_occur_about_equally_often()
    {
        var counts = DrawnDigits.Draw(2000, 1).Labels!.GroupBy(label => label).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(10, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 140, 260));
    }

    [Fact]
    public void A_digit_is_nearer_to_its_own_kind_than_to_others()
    {
        var (train, test) = (DrawnDigits.Draw(1500, 1), DrawnDigits.Draw(200, 2));
        var right = 0;
        for (var i = 0; i < test.Count; i++)
        {
            var row = test.Row(i).ToArray();
            var nearest = Enumerable.Range(0, train.Count).MinBy(j => System.Numerics.Tensors.TensorPrimitives.Distance(row, train.Row(j)));
            right += train.Labels![nearest] == test.Labels![i] ? 1 : 0;
        }

        Assert.InRange(right, 180, 200);
    }
}
