using Latent.Contracts.Training;
using Latent.Trainer.Progress;
using Spectre.Console;

namespace Latent.Trainer.Tests.Progress;

public sealed class DisplayTests
{
    private static readonly EpochRecord s_record = new()
    {
        Epoch = 3,
        Step = 300,
        Seconds = 62.5,
        SamplesPerS = 14203.4,
        LearningRate = 0.001,
        Beta = 1,
        Train = new Dictionary<string, double>
        {
            ["loss"] = 132.414,
            ["kl"] = 22.2,
            ["reconstruction"] = 110.214,
        },
        Validation = new Dictionary<string, double> { ["loss"] = 0.01234567 },
    };

    private static readonly StepProgress s_step = new(4, 10, 0.35, s_record.Train, 14203, TimeSpan.FromSeconds(3725));

    [Fact]
    public void An_epoch_is_a_line()
    {
        using var text = new StringWriter();
        var display = new LineDisplay(text);
        display.Say("hello");
        display.Epoch(s_record, 10);
        Assert.Equal(
            "hello\nepoch  3/10  train 132.4 (kl 22.20)  validation 0.0123  14,203 samples/s  1:02\n",
            text.ToString().ReplaceLineEndings("\n")
        );
    }

    [Fact]
    public void The_bar_shows_loss_rate_and_time_left_and_epochs_stay_above_it()
    {
        var text = Bar(120);
        Assert.Contains("reading [data]", text);
        Assert.Contains("epoch  3/10  train 132.4", text);
        Assert.Contains("epoch 4/10  loss 132.4  kl 22.20  reconstruction 110.2  14,203 samples/s  1:02:05 left", text);
    }

    [Theory]
    [InlineData(64, "epoch 4/10  loss 132.4  kl 22.20  14,203 samples/s  1:02:05 left")]
    [InlineData(54, "epoch 4/10  loss 132.4  kl 22.20  1:02:05 left")]
    [InlineData(40, "epoch 4/10  loss 132.4  1:02:05 left")]
    [InlineData(30, "epoch 4/10  loss 132.4")]
    [InlineData(10, "epoch 4/10")]
    public void A_narrow_terminal_shows_the_most_important_parts(int width, string text) =>
        Assert.Equal(text, BarDisplay.Text(s_step, width));

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void The_percentage_and_the_whole_text_stay_visible(int width)
    {
        var output = Bar(width);
        Assert.Contains(" 35% ", output);
        Assert.Contains(BarDisplay.Text(s_step, width - 26), output);
        Assert.DoesNotContain("…", output);
    }

    [Theory]
    [InlineData(30, 62.5)]
    [InlineData(3280, 250_000)]
    public void An_epoch_line_fits_80_columns(int epochs, double seconds)
    {
        var record = s_record with
        {
            Epoch = epochs,
            Seconds = seconds,
            Train = Small("loss", "kl", "reconstruction"),
            Validation = Small("loss", "kl"),
        };
        var text = LineDisplay.Text(record, epochs, 80);
        Assert.InRange(text.Length, 50, 80);
        Assert.Contains("validation 1.23e-4", text);

        static Dictionary<string, double> Small(params string[] terms) => terms.ToDictionary(term => term, _ => 1.23e-4);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1234567.8, "1.235e6")]
    [InlineData(123.456, "123.46")]
    [InlineData(-1.23456, "-1.235")]
    [InlineData(0.0123456, "0.01235")]
    [InlineData(0.000123456, "1.235e-4")]
    [InlineData(double.NaN, "NaN")]
    public void Losses_have_about_five_digits(double loss, string text) => Assert.Equal(text, MetricFormat.Loss(loss));

    private static string Bar(int width)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(text),
            }
        );
        console.Profile.Width = width;
        var result = BarDisplay.During(
            console,
            display =>
            {
                display.Say("reading [data]");
                display.Epoch(s_record, 10);
                display.Step(s_step);
                return 7;
            }
        );
        Assert.Equal(7, result);
        return text.ToString();
    }
}
