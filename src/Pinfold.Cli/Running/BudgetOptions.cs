using System.CommandLine;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Budgets;
using Pinfold.Sharding;

namespace Pinfold.Cli.Running;

/// <summary>The options of what everybody may keep, who was not given a budget of their own.</summary>
sealed class BudgetOptions
{
    readonly Option<string?> _bytes = new("--budget-bytes")
    {
        Description = "How much a person's pictures may take, such as 20GB.",
        DefaultValueFactory = _ => Variable("PINFOLD_BUDGET_BYTES"),
        HelpName = "SIZE",
    };

    readonly Option<string?> _pins = new("--budget-pins")
    {
        Description = "How many pins a person may have.",
        DefaultValueFactory = _ => Variable("PINFOLD_BUDGET_PINS"),
        HelpName = "NUMBER",
    };

    readonly Option<string?> _fetches = new("--budget-fetches")
    {
        Description = "How many addresses are fetched for a person within any minute.",
        DefaultValueFactory = _ => Variable("PINFOLD_BUDGET_FETCHES"),
        HelpName = "NUMBER",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_bytes);
        command.Options.Add(_pins);
        command.Options.Add(_fetches);
    }

    /// <summary><paramref name="otherwise"/> with what was said.</summary>
    /// <exception cref="PinfoldException">Invalid: something that was said is no size or no number.</exception>
    public Budget Read(ParseResult parsed, Budget otherwise) => new Budget(
        BudgetText.Bytes(parsed.GetValue(_bytes), otherwise.BytesMax),
        BudgetText.Number(parsed.GetValue(_pins), otherwise.PinsMax, "pins"),
        BudgetText.Number(parsed.GetValue(_fetches), otherwise.FetchesPerMinute, "fetches a minute")).Checked();

    static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } set ? set : null;
}
