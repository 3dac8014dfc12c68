namespace Microsoft.ML.Trainers;

public abstract class TrainerInputBase
{
    private protected TrainerInputBase()
    {
    }

    public string FeatureColumnName = "Features";
}

public abstract class UnsupervisedTrainerInputBaseWithWeight : TrainerInputBase
{
    private protected UnsupervisedTrainerInputBaseWithWeight()
    {
    }

    public string? ExampleWeightColumnName;
}
