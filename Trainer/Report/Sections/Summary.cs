using System.Net;
using System.Text.RegularExpressions;

namespace Latent.Trainer.Report.Sections;

/// <summary>The verdict, in three lists.</summary>
internal static partial class Summary
{
    public static string Html(ReportContext context)
    {
        var verdict = Verdict.Of(context.Manifest, context.Epochs, Evidence.Of(context));
        var lists =
            List("What was learned", verdict.Learned)
            + List("Against a baseline", verdict.Baseline)
            + List("What to try next", verdict.Next);
        return $"<section id='verdict' aria-label='Verdict'>{lists}</section>";
    }

    private static string List(string title, IReadOnlyList<string> sentences)
    {
        var items = sentences.Select(s => $"<li>{Code().Replace(WebUtility.HtmlEncode(s), "<code>$1</code>")}</li>");
        return sentences.Count == 0 ? "" : $"<div><h3>{title}</h3><ul>{string.Concat(items)}</ul></div>";
    }

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex Code();
}
