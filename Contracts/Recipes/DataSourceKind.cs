namespace Latent.Contracts.Recipes;

/// <summary>Specifies the kind of a data source.</summary>
public enum DataSourceKind
{
    /// <summary>Handwriting-like digits, 28 by 28, that the program draws.</summary>
    Digits,

    /// <summary>MNIST's format, a folder with train and t10k files, or one file; gzip or plain.</summary>
    Idx,

    /// <summary>A NumPy array file, first axis rows.</summary>
    Npy,

    /// <summary>A table: comma-separated values with a header, Parquet, or Arrow.</summary>
    Csv,

    /// <summary>A folder of images, read recursively.</summary>
    Images,
}
