namespace Latent.Data.Tables;

/// <summary>Specifies how a date is written.</summary>
internal enum DateFormat
{
    /// <summary>The text is no date.</summary>
    None,

    /// <summary>As in 2019-03-23.</summary>
    Iso,

    /// <summary>As in 23.03.2019.</summary>
    DayFirst,

    /// <summary>As in 03/23/2019.</summary>
    MonthFirst,
}
