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
        Train = new Dictionary<string, double> { ["loss"] = 132.414, ["kl"] = 22.2, ["reconstruction"] = 110.214 },
        Validation = new Dictionary<string, double> { ["loss"] = 0.01234567 },
    };

    [Fact]
    public void An_epoch_is_a_line()
    {
        using var text = new StringWriter();
        var display = new LineDisplay(text);
        display.Say("hello");
        display.Epoch(s_record, 10);
        Assert.Equal("hello\nepoch  3/10  train 132.41 (kl 22.200, reconstruction 110.21)  validation 0.01235  14,203 samples/s  1:02\n", text.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_bar_shows_loss_rate_and_time_left_and_epochs_stay_above_it()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = 120;
        var progress = new StepProgress(4, 10, 0.35, s_record.Train, 14203, TimeSpan.FromSeconds(3725));
        var result = BarDisplay.During(console, display =>
        {
            display.Say("reading [data]");
            display.Epoch(s_record, 10);
            display.Step(progress);
            return 7;
        });
        Assert.Equal(7, result);
        Assert.Contains("reading [data]", text.ToString());
        Assert.Contains("epoch  3/10  train 132.41", text.ToString());
        Assert.Equal("epoch 4/10  loss 132.41  kl 22.200  reconstruction 110.21  14,203 samples/s  1:02:05 left", BarDisplay.Text(progress));
    }

    [Theory]
    [InlineData(5, "0:05")]
    [InlineData(3599, "59:59")]
    [InlineData(3600, "1:00:00")]
    [InlineData(108_000 + 61, "30:01:01")]
    public void Times_are_hours_however_many(int seconds, string text) => Assert.Equal(text, MetricFormat.Time(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1234567.8, "1.235e6")]
    [InlineData(123.456, "123.46")]
    [InlineData(-1.23456, "-1.235")]
    [InlineData(0.0123456, "0.01235")]
    [InlineData(0.000123456, "1.235e-4")]
    [InlineData(double.NaN, "NaN")]
    public void Losses_have_about_five_digits(double loss, string text) => Assert.Equal(text, MetricFormat.Loss(loss));
}
