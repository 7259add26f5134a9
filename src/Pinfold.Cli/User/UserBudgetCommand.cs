using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Cli.User;

/// <summary>
/// <c>pinfold user budget NAME</c>: shows what a person keeps and may keep, and gives them a budget of their own.
/// </summary>
static class UserBudgetCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var name = new Argument<string>("NAME") { Description = "The user name." };
        var bytes = Text("--bytes", "SIZE", "How much their pictures may take, such as 50GB.");
        var pins = Text("--pins", "NUMBER", "How many pins they may have.");
        var fetches = Text("--fetches", "NUMBER", "How many addresses are fetched for them within any minute.");
        var usual = new Option<bool>("--default") { Description = "They have what everybody has again." };
        var everybody = new BudgetOptions();
        var json = OutputOption.Create();
        var command = new Command("budget", "Shows what a person keeps and may keep, or changes what they may.")
        {
            name, bytes, pins, fetches, usual, json,
        };
        everybody.AddTo(command);
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(parsed, installation,
            async (services, token) =>
            {
                var budgets = services.GetRequiredService<PersonalBudgets>();
                var user = await services.GetRequiredService<UserService>().GetAsync(parsed.GetValue(name)!, token);
                if (parsed.GetValue(usual))
                    await budgets.SetAsync(user.Id, null, token);
                else if (IsSaid(parsed))
                {
                    var (now, _, _) = await budgets.ReadAsync(user.Id, token);
                    await budgets.SetAsync(user.Id, Changed(parsed, now), token);
                }
                var (budget, isTheirOwn, usage) = await budgets.ReadAsync(user.Id, token);
                Write(user.Body.Username, budget, isTheirOwn, usage, parsed.GetValue(json));
                return ExitCodes.Done;
            }, cancellation, settings => settings.Budget = everybody.Read(parsed, Budget.Default),
            changesShards: parsed.GetValue(usual) || IsSaid(parsed)));
        return command;

        bool IsSaid(ParseResult parsed) =>
            new[] { bytes, pins, fetches }.Any(option => parsed.GetValue(option) is not null);

        Budget Changed(ParseResult parsed, Budget now) => new Budget(
            BudgetText.Bytes(parsed.GetValue(bytes), now.BytesMax),
            BudgetText.Number(parsed.GetValue(pins), now.PinsMax, "pins"),
            BudgetText.Number(parsed.GetValue(fetches), now.FetchesPerMinute, "fetches a minute")).Checked();
    }

    static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    static void Write(string username, Budget budget, bool isTheirOwn, Usage usage, bool asJson)
    {
        if (asJson)
        {
            OutputOption.WriteJson(new PersonBudget(username, usage.Bytes, budget.BytesMax, usage.Pins, budget.PinsMax,
                budget.FetchesPerMinute, isTheirOwn), CliJson.Default.PersonBudget);
            return;
        }
        var inv = CultureInfo.InvariantCulture;
        OutputOption.WriteTable([username, "keeps", "may keep"],
        [
            ["pictures", ByteSize.Of(usage.Bytes), ByteSize.Of(budget.BytesMax)],
            ["pins", usage.Pins.ToString("N0", inv), budget.PinsMax.ToString("N0", inv)],
            ["fetches a minute", "", budget.FetchesPerMinute.ToString("N0", inv)],
        ]);
        Console.WriteLine(isTheirOwn ? "This budget is their own." : "This is what everybody may keep.");
    }
}
