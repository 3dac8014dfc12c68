using Microsoft.ML.Data;

namespace Latent.Tests;

/// <summary>A row of the table of passengers.</summary>
public sealed class Passenger
{
    [ColumnName("class")]
    public string Class { get; set; } = "3";

    [ColumnName("fare")]
    public float Fare { get; set; } = 8.25f;

    [ColumnName("age")]
    public float Age { get; set; } = 30;

    [ColumnName("sex")]
    public string Sex { get; set; } = "male";

    [ColumnName("deck")]
    public string Deck { get; set; } = "";

    [ColumnName("alone")]
    public float Alone { get; set; } = 1;

    [ColumnName("boarded")]
    public DateTime Boarded { get; set; } = new(1912, 4, 10, 12, 0, 0);

    [ColumnName("paid")]
    public string Paid { get; set; } = "yes";

    /// <summary>Passengers like those that the model learned from, with missing cells, the same for the same count.</summary>
    public static Passenger[] Draw(int count)
    {
        var random = new Random(11);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    var level = random.Next(3);
                    return new Passenger
                    {
                        Class = $"{level + 1}",
                        Fare = new float[] { 80, 22, 8 }[level] + (float)random.NextDouble(),
                        Age = random.Next(5) == 0 ? float.NaN : random.Next(18, 60),
                        Sex = random.Next(2) == 0 ? "male" : "female",
                        Deck = level == 0 ? new[] { "A", "B", "C" }[random.Next(3)] : "",
                        Alone = random.Next(2),
                        Boarded = new DateTime(1912, 4, 1).AddDays(new[] { 2, 3, 9 }[level]).AddMinutes(random.Next(480, 960)),
                        Paid = random.Next(6) == 0 ? "no" : "yes",
                    };
                }),
        ];
    }

    /// <summary>The row as cells, in the model's order.</summary>
    public float[] Cells() =>
        [
            Level(Class, "1", "2", "3"),
            Fare,
            Age,
            Level(Sex, "male", "female"),
            Level(Deck, "A", "B", "C", "D"),
            Alone,
            Boarded == default ? float.NaN : (float)(Boarded - new DateTime(1912, 4, 1)).TotalDays,
            Level(Paid, "yes", "no"),
        ];

    private static float Level(string word, params string[] levels) => word.Length == 0 ? -2 : Array.IndexOf(levels, word);
}
