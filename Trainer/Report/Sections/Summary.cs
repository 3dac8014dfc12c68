using System.Net;
using System.Text.RegularExpressions;

namespace Latent.Trainer.Report.Sections;

/// <summary>The verdict, in three lists.</summary>
internal static partial class Summary
{
    public static string Html(ReportContext context)
    {
        var verdict = Verdict.Of(context.Manifest, context.Epochs, Evidence.Of(context));
        return $"<section id='verdict' aria-label='Verdict'>{List("What was learned", verdict.Learned)}{List("Against a baseline", verdict.Baseline)}{List("What to try next", verdict.Next)}</section>";
    }

    private static string List(string title, IReadOnlyList<string> sentences) => sentences.Count == 0
        ? ""
        : $"<div><h3>{title}</h3><ul>{string.Concat(sentences.Select(s => $"<li>{Code().Replace(WebUtility.HtmlEncode(s), "<code>$1</code>")}</li>"))}</ul></div>";

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex Code();
}
