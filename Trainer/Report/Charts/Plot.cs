using System.Globalization;
using System.Net;
using System.Text;

namespace Latent.Trainer.Report.Charts;

/// <summary>
/// An SVG plot: frame, axes with ticks and titles; lines, points and bars inside. On a page it is as wide as its place, with texts of
/// one size everywhere: what lies along x is in percent, and plot.js shows the values under the pointer.
/// </summary>
internal sealed class Plot
{
    private const int Left = 66;
    private const int Right = 14;
    private const int Top = 30;
    private const int Bottom = 46;
    private const string Namespace = "xmlns='http://www.w3.org/2000/svg'";
    private readonly List<Func<string>> _marks = [];
    private readonly List<(string Name, int Color, string Mark)> _legend = [];
    private readonly string _title;
    private readonly string _xTitle;
    private readonly string _yTitle;
    private readonly Scale _x;
    private readonly Scale _y;
    private readonly int _width;
    private readonly int _height;
    private bool _onPage;

    public Plot(
        string title,
        string xTitle,
        string yTitle,
        (double Low, double High) x,
        (double Low, double High) y,
        int width = 480,
        int height = 300,
        bool wholeX = false,
        bool logarithmicX = false
    )
    {
        _title = title;
        _xTitle = xTitle;
        _yTitle = yTitle;
        _width = width;
        _height = height;
        _x = new Scale(x.Low, x.High, 0, width - Left - Right, wholeX, logarithmicX);
        _y = new Scale(y.Low, y.High, height - Bottom, Top);
    }

    /// <summary>Whether the pointer finds the nearest point rather than all lines at its x.</summary>
    public bool FindsNearest { get; init; }

    /// <summary>An empty scatter plot with room for points, of which the pointer finds the nearest.</summary>
    public static Plot Around(string title, string xTitle, string yTitle, IReadOnlyCollection<(double X, double Y)> points, int height) =>
        new(title, xTitle, yTitle, Range(points.Select(p => p.X)), Range(points.Select(p => p.Y)), height: height) { FindsNearest = true };

    /// <summary>Least and greatest of the finite values, with a margin.</summary>
    public static (double Low, double High) Range(IEnumerable<double> values, double margin = 0.04)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (low, high) = (finite.Min(), finite.Max());
        return (low - (high - low) * margin, high + (high - low) * margin);
    }

    /// <summary>A line through points; what lies outside the frame is not seen, and values that are not finite are left out.</summary>
    public void Line(string? name, int color, IReadOnlyList<(double X, double Y)> points, bool dashed = false)
    {
        Legend(name, color, dashed ? "dashed" : "line");
        var finite = points.Where(p => double.IsFinite(p.Y)).ToList();
        var dash = dashed ? " stroke-dasharray='5 4'" : "";
        var label = name is null ? "" : $" data-name='{Text(name)}'";
        _marks.Add(() =>
        {
            // On a page a line is in thousandths of the frame's width, which are stretched with it.
            var path = string.Join(
                ' ',
                finite
                    .Select(p => (X: _onPage ? _x.Fraction(p.X) * 1000 : Left + _x[p.X], Y: _y[p.Y]))
                    .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.##},{p.Y:0.###}"))
            );
            var line = $"<polyline{label} fill='none' stroke='{Color(color)}' stroke-width='2'{dash} points='{path}'/>";
            var (view, place) = _onPage
                ? ($"0 {Top} 1000 {_height - Top - Bottom}", "x='0' width='100%'")
                : ($"{Left} {Top} {_width - Left - Right} {_height - Top - Bottom}", $"x='{Left}' width='{_width - Left - Right}'");
            return $"<svg {place} y='{Top}' height='{_height - Top - Bottom}' viewBox='{view}' preserveAspectRatio='none'>{line}</svg>";
        });
        if (finite.Count == 1)
        {
            Points(null, color, finite, 3);
        }
    }

    public void Points(
        string? name,
        int color,
        IEnumerable<(double X, double Y)> points,
        double radius = 2.4,
        double opacity = 0.75,
        bool inLegend = true
    )
    {
        Legend(inLegend ? name : null, color, "point");
        var all = points.ToList();
        _marks.Add(() =>
        {
            var circles = all.Select(p => $"<circle cx='{Across(p.X)}' cy='{Number(_y[p.Y])}' r='{Number(radius)}'/>");
            return $"<g data-name='{Text(name ?? "")}' fill='{Color(color)}' fill-opacity='{Number(opacity)}'>{string.Concat(circles)}</g>";
        });
    }

    /// <summary>A bar from 0 up.</summary>
    /// <param name="color">Number of the color.</param>
    /// <param name="from">Left edge.</param>
    /// <param name="to">Right edge.</param>
    /// <param name="value">Height.</param>
    /// <param name="title">What the pointer shows; null: nothing.</param>
    /// <param name="opacity">From 0 to 1.</param>
    public void Bar(int color, double from, double to, double value, string? title = null, double opacity = 1) =>
        _marks.Add(() =>
        {
            var (top, zero) = (_y[value], _y[0]);
            var said = title is null ? "" : $" data-title='{Text(title)}'";
            return $"<rect x='{Across(from)}' y='{Number(Math.Min(top, zero))}' width='{Along(_x[to] - _x[from])}'"
                + $" height='{Number(Math.Abs(zero - top))}' fill='{Color(color)}' fill-opacity='{Number(opacity)}'{said}/>";
        });

    /// <summary>An invisible strip of the frame's height that shows a text under the pointer.</summary>
    public void Strip(double from, double to, string title) =>
        _marks.Add(() =>
            $"<rect x='{Across(from)}' y='{Top}' width='{Along(_x[to] - _x[from])}' height='{_height - Top - Bottom}' fill-opacity='0'"
            + $" data-title='{Text(title)}'/>"
        );

    /// <summary>For a page: the plot, and its legend as a paragraph below.</summary>
    public string ToSvg()
    {
        _onPage = true;
        var svg = new StringBuilder($"<svg class='plot' height='{_height}' role='img' aria-label='{Text(_title)}' {Namespace}");
        svg.Append($" data-find='{(FindsNearest ? "point" : "x")}' data-xname='{Text(_xTitle)}' data-yname='{Text(_yTitle)}'");
        svg.Append($" data-x='{_x.Description}' data-y='{_y.Description}' data-y0='{_height - Bottom}' data-y1='{Top}'>");
        svg.Append(Contents()).Append("</svg>");
        if (_legend.Count > 0)
        {
            svg.Append("<p class='legend'>");
            foreach (var (name, color, mark) in _legend)
            {
                svg.Append($"<span><i class='{mark}' style='color:{Color(color)}'></i>{Text(name)}</span> ");
            }

            svg.Append("</p>");
        }

        return svg.ToString();
    }

    /// <summary>For a file of its own: on white, with the legend inside, at the top right.</summary>
    public string ToSvgFile()
    {
        _onPage = false;
        var (right, top) = (_width - Right - 8, Top + 18);
        var legend = _legend.Select(
            (entry, i) => $"<text x='{right}' y='{top + (i * 16)}' text-anchor='end' fill='{Color(entry.Color)}'>{Text(entry.Name)}</text>"
        );
        return $"<svg viewBox='0 0 {_width} {_height}' role='img' aria-label='{Text(_title)}' {Namespace}"
            + " font-family='system-ui,sans-serif' font-size='12' fill='#1f2328'>"
            + $"<rect width='100%' height='100%' fill='#fff'/>{Contents()}{string.Concat(legend)}</svg>\n";
    }

    private string Contents()
    {
        var svg = new StringBuilder();
        var (grid, frame) = _onPage ? ("class='grid'", "class='frame'") : ("stroke='#e3e6ea'", "fill='none' stroke='#6e7781'");
        // On a page x is counted from the frame's left edge, and the axis titles lie in the plot's padding.
        var edge = _onPage ? 0 : Left;
        var (start, end, middle) = _onPage ? ("0", "100%", "50%") : ($"{Left}", $"{_width - Right}", $"{(Left + _width - Right) / 2}");
        svg.Append($"<text x='{edge}' y='18' font-size='14' font-weight='600'>{Text(_title)}</text>");
        foreach (var tick in _x.Ticks)
        {
            var at = Across(tick);
            svg.Append($"<line x1='{at}' x2='{at}' y1='{Top}' y2='{_height - Bottom}' {grid}/>");
            svg.Append($"<text x='{at}' y='{_height - Bottom + 16}' text-anchor='middle'>{Scale.Label(tick)}</text>");
        }

        foreach (var tick in _y.Ticks)
        {
            var at = Number(_y[tick]);
            svg.Append($"<line x1='{start}' x2='{end}' y1='{at}' y2='{at}' {grid}/>");
            svg.Append($"<text x='{edge - 6}' y='{at}' dy='4' text-anchor='end'>{Scale.Label(tick)}</text>");
        }

        svg.Append($"<rect x='{start}' y='{Top}' width='{Along(_width - Left - Right)}' height='{_height - Top - Bottom}' {frame}/>");
        foreach (var mark in _marks)
        {
            svg.Append(mark());
        }

        svg.Append($"<text x='{middle}' y='{_height - 10}' text-anchor='middle'>{Text(_xTitle)}</text>");
        var place = $"translate({edge - Left + 14} {(Top + _height - Bottom) / 2}) rotate(-90)";
        svg.Append($"<text transform='{place}' text-anchor='middle'>{Text(_yTitle)}</text>");
        return svg.ToString();
    }

    private void Legend(string? name, int color, string mark)
    {
        if (name is not null)
        {
            _legend.Add((name, color, mark));
        }
    }

    private string Across(double x) => _onPage ? Number(_x.Fraction(x) * 100) + "%" : Number(Left + _x[x]);

    private string Along(double pixels) => _onPage ? Number(pixels / (_width - Left - Right) * 100) + "%" : Number(pixels);

    private string Color(int color) => _onPage ? Palette.Color(color) : Palette.OnWhite(color);

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
