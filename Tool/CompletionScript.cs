namespace Latent.Tool;

/// <summary>Scripts by which shells ask the program, through its [suggest] directive, how a command line may go on.</summary>
internal static class CompletionScript
{
    /// <summary>Gets the script of a shell.</summary>
    /// <param name="shell">"bash", "zsh" or "pwsh".</param>
    public static string Of(string shell) =>
        shell switch
        {
            "bash" => """
                _latent() {
                  local IFS=$'\n' word="${COMP_WORDS[COMP_CWORD]}"
                  COMPREPLY=($(compgen -W "$(latent "[suggest:$COMP_POINT]" "$COMP_LINE" 2> /dev/null)" -- "$word"))
                }
                complete -o default -F _latent latent
                """,
            "zsh" => """
                #compdef latent
                _latent() {
                  compadd -- ${(f)"$(latent "[suggest:$#LBUFFER]" "$BUFFER" 2> /dev/null)"} || _files
                }
                compdef _latent latent
                """,
            _ => """
                Register-ArgumentCompleter -Native -CommandName latent -ScriptBlock {
                  param($word, $line, $position)
                  latent "[suggest:$position]" "$line" 2> $null | Where-Object { $_ -like "$word*" }
                }
                """,
        };
}
