using System.Globalization;
using System.Xml.Linq;
using Latent.Trainer.Report.Charts;

namespace Latent.Trainer.Tests.Report;

public class PlotTests
{
    [Fact]
    public void On_a_page_a_line_has_every_point_in_thousandths_of_the_width_and_points_are_in_percent()
    {
        var plot = new Plot("A <plot>", "epoch", "nats & more", (0, 10), (0, 4), wholeX: true);
        plot.Line("all", 0, [.. Enumerable.Range(0, 11).Select(i => ((double)i, i == 5 ? double.NaN : i / 5.0))]);
        plot.Points("one", 1, [(2.5, 4)]);
        plot.Bar(2, 5, 6, 2, "a bar");
        var svg = XElement.Parse(plot.ToSvg().Split("<p class")[0]);
        var line = Named(svg, "polyline").Single().Attribute("points")!.Value.Split(' ');
        Assert.Equal(10, line.Length);
        Assert.Equal("1000", line[^1].Split(',')[0]);
        var point = Named(svg, "circle").Single();
        Assert.Equal("25%", point.Attribute("cx")!.Value);
        Assert.Equal(svg.Attribute("data-y1")!.Value, point.Attribute("cy")!.Value);
        Assert.Equal("a bar", Named(svg, "rect").Attributes("data-title").Single().Value);
        Assert.Equal(("0 10 linear", "A <plot>"), (svg.Attribute("data-x")!.Value, svg.Attribute("aria-label")!.Value));
    }

    [Theory]
    [InlineData(60, 150, "60 80 100 120 140")]
    [InlineData(0.9, 350, "1 3 10 30 100 300")]
    [InlineData(1e-6, 1, "1e-6 1e-5 1e-4 0.001 0.01 0.1 1")]
    public void A_logarithmic_axis_has_a_few_round_ticks(double low, double high, string ticks) =>
        Assert.Equal(ticks, string.Join(' ', new Scale(low, high, 0, 100, logarithmic: true).Ticks.Select(Scale.Label)));

    [Fact]
    public void An_image_is_in_pixels_and_on_white()
    {
        var plot = new Plot("P", "x", "y", (0, 1), (0, 1));
        plot.Points("some", 0, [(0.5, 0.5)]);
        var svg = XElement.Parse(plot.ToSvgFile());
        Assert.InRange(double.Parse(Named(svg, "circle").Single().Attribute("cx")!.Value, CultureInfo.InvariantCulture), 200, 300);
        Assert.DoesNotContain("var(", svg.ToString());
    }

    private static IEnumerable<XElement> Named(XElement svg, string name) => svg.Descendants().Where(e => e.Name.LocalName == name);
}
