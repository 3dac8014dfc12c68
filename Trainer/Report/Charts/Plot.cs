using System.Globalization;
using System.Net;
using System.Text;

namespace Latent.Trainer.Report.Charts;

/// <summary>An SVG plot: frame, axes with ticks and titles, legend; lines, points and bars inside.</summary>
internal sealed class Plot
{
    private const int Left = 64;
    private const int Right = 14;
    private const int Top = 30;
    private const int Bottom = 46;
    private readonly StringBuilder _body = new();
    private readonly List<(string Name, string Color, string Mark)> _legend = [];
    private readonly string _title;
    private readonly int _width;
    private readonly int _height;
    private readonly string _xTitle;
    private readonly string _yTitle;
    private readonly Scale _x;
    private readonly Scale _y;

    public Plot(string title, string xTitle, string yTitle, (double Low, double High) x, (double Low, double High) y, int width = 440, int height = 300, bool wholeX = false, bool logarithmicX = false)
    {
        _title = title;
        _xTitle = xTitle;
        _yTitle = yTitle;
        _width = width;
        _height = height;
        _x = new Scale(x.Low, x.High, Left, width - Right, wholeX, logarithmicX);
        _y = new Scale(y.Low, y.High, height - Bottom, Top);
    }

    /// <summary>Least and greatest of the finite values, with a margin.</summary>
    public static (double Low, double High) Range(IEnumerable<double> values, double margin = 0.04)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (low, high) = (finite.Min(), finite.Max());
        return (low - (high - low) * margin, high + (high - low) * margin);
    }

    public void Line(string? name, string color, IReadOnlyList<(double X, double Y)> points, bool dashed = false)
    {
        Legend(name, color, dashed ? "dashed" : "line");
        var path = string.Join(' ', points.Where(p => double.IsFinite(p.Y)).Select(p => $"{Number(_x[p.X])},{Number(_y[p.Y])}"));
        var dash = dashed ? " stroke-dasharray='5 4'" : "";
        _body.Append($"<polyline fill='none' stroke='{color}' stroke-width='2'{dash} points='{path}'/>");
        if (points.Count == 1)
        {
            Points(null, color, points, 3);
        }
    }

    public void Points(string? name, string color, IEnumerable<(double X, double Y)> points, double radius = 2.4, double opacity = 0.75)
    {
        Legend(name, color, "point");
        _body.Append($"<g fill='{color}' fill-opacity='{Number(opacity)}'>");
        foreach (var (x, y) in points)
        {
            _body.Append($"<circle cx='{Number(_x[x])}' cy='{Number(_y[y])}' r='{Number(radius)}'/>");
        }

        _body.Append("</g>");
    }

    /// <summary>A bar for each value, at x = index, from 0.</summary>
    public void Bars(string color, IReadOnlyList<double> values)
    {
        var wide = Math.Max(1, (_x[1] - _x[0]) * 0.8);
        for (var i = 0; i < values.Count; i++)
        {
            var (top, zero) = (_y[values[i]], _y[0]);
            _body.Append($"<rect x='{Number(_x[i] - wide / 2)}' y='{Number(Math.Min(top, zero))}' width='{Number(wide)}' height='{Number(Math.Abs(zero - top))}' fill='{color}'/>");
        }
    }

    /// <summary>For a page: the plot, and its legend as a paragraph below.</summary>
    public string ToSvg()
    {
        var svg = new StringBuilder(Svg(""));
        if (_legend.Count > 0)
        {
            svg.Append("<p class='legend'>");
            foreach (var (name, color, mark) in _legend)
            {
                svg.Append($"<span><i class='{mark}' style='color:{color}'></i>{Text(name)}</span> ");
            }

            svg.Append("</p>");
        }

        return svg.ToString();
    }

    /// <summary>For a file of its own: on white, with the legend inside, at the top right.</summary>
    public string ToPicture() => Svg(string.Concat(_legend.Select((entry, i) =>
        $"<text x='{_width - Right - 8}' y='{Top + 18 + (i * 16)}' text-anchor='end' fill='{entry.Color}'>{Text(entry.Name)}</text>")), "<rect width='100%' height='100%' fill='#fff'/>") + "\n";

    private string Svg(string above, string below = "")
    {
        var svg = new StringBuilder();
        svg.Append($"<svg viewBox='0 0 {_width} {_height}' role='img' aria-label='{Text(_title)}' xmlns='http://www.w3.org/2000/svg' font-family='system-ui,sans-serif' font-size='12' fill='#1f2328'>{below}");
        svg.Append($"<text x='{Left}' y='18' font-size='14' font-weight='600'>{Text(_title)}</text>");
        foreach (var tick in _x.Ticks)
        {
            var at = Number(_x[tick]);
            svg.Append($"<line x1='{at}' x2='{at}' y1='{Top}' y2='{_height - Bottom}' stroke='#e3e6ea'/><text x='{at}' y='{_height - Bottom + 16}' text-anchor='middle'>{Scale.Label(tick)}</text>");
        }

        foreach (var tick in _y.Ticks)
        {
            var at = Number(_y[tick]);
            svg.Append($"<line x1='{Left}' x2='{_width - Right}' y1='{at}' y2='{at}' stroke='#e3e6ea'/><text x='{Left - 6}' y='{at}' dy='4' text-anchor='end'>{Scale.Label(tick)}</text>");
        }

        svg.Append($"<rect x='{Left}' y='{Top}' width='{_width - Left - Right}' height='{_height - Top - Bottom}' fill='none' stroke='#6e7781'/>");
        svg.Append(_body);
        svg.Append($"<text x='{(Left + _width - Right) / 2}' y='{_height - 10}' text-anchor='middle'>{Text(_xTitle)}</text>");
        svg.Append($"<text transform='translate(14 {(Top + _height - Bottom) / 2}) rotate(-90)' text-anchor='middle'>{Text(_yTitle)}</text>");
        svg.Append($"{above}</svg>");
        return svg.ToString();
    }

    private void Legend(string? name, string color, string mark)
    {
        if (name is not null)
        {
            _legend.Add((name, color, mark));
        }
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
