namespace Latent.Trainer.Data;

/// <summary>A point, x to the right and y down.</summary>
internal readonly record struct Point(double X, double Y);

/// <summary>The strokes of each digit as a pen makes them, in a box of side 1, with the ways people differ.</summary>
internal static class DigitStrokes
{
    /// <summary>Strokes of one digit; a spline goes through the points of each.</summary>
    public static Point[][] Of(int digit, SeededRandom random) =>
        digit switch
        {
            0 => [Oval(random)],
            1 => One(random),
            2 => Two(random),
            3 => Three(random),
            4 => Four(random),
            5 => Five(random),
            6 => [Six(random)],
            7 => Seven(random),
            8 => [Eight(random)],
            _ => Nine(random),
        };

    private static Point P(double x, double y) => new(x, y);

    private static Point[] Oval(SeededRandom random)
    {
        var start = random.Between(-0.5, 0.3);
        var turn = -2 * Math.PI * random.Between(0.98, 1.06);
        var half = random.Between(0.34, 0.5);
        return
        [
            .. Enumerable
                .Range(0, 10)
                .Select(i =>
                {
                    var (sin, cos) = Math.SinCos(start - (Math.PI / 2) + (turn * i / 9));
                    return P(0.5 + (half * cos), 0.5 + (0.5 * sin));
                }),
        ];
    }

    private static Point[][] One(SeededRandom random) =>
        random.Next(10) switch
        {
            < 7 =>
            [
                [P(0.5, 0), P(0.5, 0.33), P(0.5, 0.67), P(0.5, 1)],
            ],
            < 9 =>
            [
                [P(0.24, 0.24), P(0.40, 0.12), P(0.52, 0)],
                [P(0.52, 0), P(0.52, 0.5), P(0.52, 1)],
            ],
            _ =>
            [
                [P(0.26, 0.22), P(0.40, 0.12), P(0.52, 0)],
                [P(0.52, 0), P(0.52, 0.5), P(0.52, 1)],
                [P(0.18, 1), P(0.5, 0.99), P(0.86, 1)],
            ],
        };

    private static Point[][] Two(SeededRandom random)
    {
        Point[] top = [P(0.12, 0.24), P(0.28, 0.05), P(0.58, 0), P(0.82, 0.15), P(0.80, 0.38), P(0.55, 0.66), P(0.22, 0.93)];
        return random.Next(2) == 0
            ? [top, [P(0.22, 0.93), P(0.5, 0.95), P(0.96, 0.97)]]
            :
            [
                [.. top, P(0.06, 0.98), P(0.03, 0.86), P(0.20, 0.80), P(0.50, 0.93), P(0.74, 1), P(0.98, 0.92)],
            ];
    }

    private static Point[][] Three(SeededRandom random)
    {
        var waist = random.Between(0.36, 0.52);
        return
        [
            [P(0.14, 0.13), P(0.42, 0), P(0.76, 0.06), P(0.82, 0.24), P(0.64, 0.41), P(waist, 0.47)],
            [P(waist, 0.47), P(0.72, 0.52), P(0.90, 0.70), P(0.76, 0.93), P(0.42, 1), P(0.08, 0.90)],
        ];
    }

    private static Point[][] Four(SeededRandom random)
    {
        var bar = random.Between(0.50, 0.64);
        return random.Next(3) == 0
            ?
            [
                [P(0.66, 0), P(0.40, 0.30), P(0.06, bar + 0.06)],
                [P(0.06, bar + 0.06), P(0.5, bar + 0.05), P(0.98, bar)],
                [P(0.67, 0), P(0.68, 0.5), P(0.66, 1)],
            ]
            :
            [
                [P(0.20, 0), P(0.12, 0.28), P(0.10, bar), P(0.40, bar + 0.02), P(0.78, bar - 0.06)],
                [P(0.86, 0.02), P(0.80, 0.40), P(0.74, 1)],
            ];
    }

    private static Point[][] Five(SeededRandom random)
    {
        var middle = random.Between(0.36, 0.46);
        return
        [
            [P(0.92, 0.02), P(0.60, 0.03), P(0.28, 0.05)],
            [P(0.28, 0.05), P(0.24, 0.22), P(0.20, middle)],
            [P(0.20, middle), P(0.50, middle - 0.03), P(0.82, middle + 0.16), P(0.80, 0.82), P(0.46, 1), P(0.08, 0.93)],
        ];
    }

    private static Point[] Six(SeededRandom random)
    {
        var loop = random.Between(0.50, 0.62);
        return
        [
            P(0.72, 0),
            P(0.44, 0.18),
            P(0.20, 0.50),
            P(0.18, 0.80),
            P(0.42, 1),
            P(0.72, 0.92),
            P(0.80, 0.72),
            P(0.62, loop),
            P(0.36, loop + 0.10),
            P(0.22, 0.84),
        ];
    }

    private static Point[][] Seven(SeededRandom random)
    {
        Point[] top = [P(0.06, 0.08), P(0.40, 0.05), P(0.90, 0.03)];
        Point[] leg = [P(0.90, 0.03), P(0.72, 0.36), P(0.52, 0.68), P(0.42, 1)];
        return random.Next(4) == 0 ? [top, leg, [P(0.34, 0.52), P(0.58, 0.50), P(0.86, 0.48)]] : [top, leg];
    }

    private static Point[] Eight(SeededRandom random)
    {
        var waist = random.Between(0.42, 0.50);
        return
        [
            P(0.78, 0.14),
            P(0.50, 0),
            P(0.24, 0.12),
            P(0.30, 0.32),
            P(0.52, waist),
            P(0.76, 0.66),
            P(0.72, 0.92),
            P(0.46, 1),
            P(0.20, 0.88),
            P(0.26, 0.66),
            P(0.52, waist + 0.02),
            P(0.74, 0.30),
            P(0.78, 0.14),
        ];
    }

    private static Point[][] Nine(SeededRandom random)
    {
        var bowl = random.Between(0.44, 0.54);
        Point[] loop = [P(0.82, 0.14), P(0.54, 0), P(0.22, 0.12), P(0.18, 0.34), P(0.42, bowl), P(0.70, 0.36), P(0.82, 0.14)];
        return random.Next(2) == 0
            ? [loop, [P(0.82, 0.14), P(0.80, 0.50), P(0.68, 1)]]
            : [loop, [P(0.82, 0.14), P(0.82, 0.55), P(0.70, 0.90), P(0.44, 1), P(0.20, 0.94)]];
    }
}
