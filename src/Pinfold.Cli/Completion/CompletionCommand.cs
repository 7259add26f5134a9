using System.CommandLine;
using Pinfold.Cli.Running;

namespace Pinfold.Cli.Completion;

/// <summary><c>pinfold completion SHELL</c>: prints the script with which a shell completes what is typed.</summary>
/// <remarks>
/// The scripts know no command: they ask the executable (System.CommandLine's <c>[suggest:POSITION]</c>), so that they
/// are right for whatever version is installed. Where it suggests nothing, a file is completed.
/// </remarks>
static class CompletionCommand
{
    static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            # Completes pinfold in bash: source <(pinfold completion bash)
            _pinfold() {
                local line=${COMP_LINE:0:COMP_POINT} typed=${COMP_WORDS[COMP_CWORD]} word
                COMPREPLY=()
                while IFS= read -r word; do
                    [[ $word == "$typed"* ]] && COMPREPLY+=("$word")
                done < <("${COMP_WORDS[0]/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null)
            }
            complete -o default -F _pinfold pinfold
            """,
        ["zsh"] = """
            #compdef pinfold
            # Completes pinfold in zsh: source <(pinfold completion zsh)
            _pinfold() {
                local line="${(j: :)words[1,CURRENT]}"
                local -a found
                found=(${(f)"$(${~words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)"})
                compadd -- $found || _files
            }
            compdef _pinfold pinfold
            """,
        ["fish"] = """
            # Completes pinfold in fish: pinfold completion fish | source
            function __pinfold_suggest
                set -l line (commandline -cp)
                set -l words (commandline -opc)
                $words[1] "[suggest:"(string length -- $line)"]" $line 2>/dev/null
            end
            complete -c pinfold -a '(__pinfold_suggest)'
            """,
        ["pwsh"] = """
            # Completes pinfold in PowerShell: pinfold completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName pinfold -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $program = $commandAst.CommandElements[0].Value
                & $program "[suggest:$cursorPosition]" "$commandAst" 2>$null |
                    Where-Object { $_.StartsWith($wordToComplete) } |
                    ForEach-Object {
                        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                    }
            }
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command(
            "completion", "Prints the script with which a shell completes commands and options.") { shell };
        command.SetAction(parsed =>
        {
            Console.WriteLine(Scripts[parsed.GetValue(shell)!]);
            return ExitCodes.Done;
        });
        return command;
    }
}
