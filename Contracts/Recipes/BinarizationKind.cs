namespace Latent.Contracts.Recipes;

/// <summary>Specifies whether pixels are made 0 or 1.</summary>
public enum BinarizationKind
{
    /// <summary>Grey stays grey.</summary>
    None,

    /// <summary>1 where the scaled pixel is at least 0.5.</summary>
    Static,

    /// <summary>1 with probability equal to the scaled pixel, drawn anew at every minibatch; the test set once from the seed.</summary>
    Dynamic,
}
