using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;

namespace Pinfold.Cli.Import;

/// <summary>What the three imports share: whose boards, what progress looks like, what is said at the end.</summary>
static class ImportCommand
{
    public static Command Create(
        string name, string description, string sourceName,
            Func<string, string, CancellationToken, IAsyncEnumerable<ImportRow>> read)
    {
        var installation = new InstallationOptions();
        var source = new Argument<string>(sourceName) { Description = description };
        var user =
            new Option<string>("--user") { Description = "Whose boards it fills.", Required = true, HelpName = "NAME" };
        var board = new Option<string>("--board")
        {
            Description = "The board for what is in no folder.",
            DefaultValueFactory = _ => "Imported",
            HelpName = "NAME",
        };
        var noFetch = new Option<bool>("--no-fetch") { Description = "Do not look for pictures on the web." };
        var report = new Option<FileInfo?>("--report")
        {
            Description = "Where to write the table of what was refused or changed, as CSV.",
            HelpName = "FILE",
        };
        var json = OutputOption.Create();
        var command = new Command(name, $"{description} The same source twice adds nothing; interrupted, run it again.")
        {
            source, user, board, noFetch, report, json,
        };
        var budget = new BudgetOptions();
        budget.AddTo(command);
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.RunAsync(parsed, installation, settings =>
        {
            settings.Budget = budget.Read(parsed, Budget.Default);
            settings.FollowJournal = true;
            settings.FetchFromWeb = !parsed.GetValue(noFetch);
        }, async (services, token) =>
        {
            var path = parsed.GetValue(source)!;
            var owner = await services.GetRequiredService<UserService>().GetAsync(parsed.GetValue(user)!, token);
            IAsyncEnumerable<ImportRow> Read(CancellationToken reading) =>
                read(path, parsed.GetValue(board)!, reading);
            using var problems = new ProblemLog(parsed.GetValue(report), keepsAll: parsed.GetValue(json));
            var result = ImportResult.Empty;
            PinfoldException? ended = null;
            var total = await ImportCount.FindAsync(path, Read, TimeProvider.System, token);
            await Progress.RunAsync("Rows", total, async progress =>
            {
                var latest = new Latest(now =>
                {
                    result = now.Tally;
                    progress.Report(now.Position);
                });
                try
                {
                    result = await services.GetRequiredService<ImportRunner>()
                        .RunAsync(owner.Id, Read(token), latest, token, problems.Add);
                }
                catch (PinfoldException e) when (result.Rows > 0)
                {
                    ended = e;
                }
            });
            await Progress.RunToZeroAsync("Pictures", progress =>
                services.GetRequiredService<FollowerHost>().DrainAsync(progress, token));
            Write(new ImportReport(path, owner.Body.Username, result.Rows, result.Folders, result.Added, result.Present,
                result.Refused, result.Boards, result.Sections, problems.Kept ?? result.Problems, ended?.Message),
                result, parsed.GetValue(json));
            return ended is null && result.Refused == 0 ? ExitCodes.Done : ExitCodes.Partly;
        }, cancellation));
        return command;
    }

    static void Write(ImportReport report, ImportResult result, bool asJson)
    {
        if (asJson)
        {
            OutputOption.WriteJson(report, CliJson.Default.ImportReport);
            return;
        }
        Console.WriteLine(
            $"{Count.Of(report.Rows, "row")}{(report.Folders > 0 ? $" in {Count.Of(report.Folders, "folder")}" : "")}. "
            + $"{ImportWords.Of(result)} "
            + $"{Count.Of(report.Boards, "board")} and {Count.Of(report.Sections, "section")} made.");
        // Lines and not a table: whole reasons, in a narrow terminal too.
        foreach (var problem in report.Problems)
            Console.WriteLine(
                $"{(problem.Row > 0 ? $"row {problem.Row:N0}, " : "")}{(problem.IsRefused ? "refused" : "noted")}: "
                + $"{Printable(problem.What)}: "
                + Printable(problem.Why));
        if (result.ProblemsLeftOut > 0)
            Console.WriteLine($"These are the first {report.Problems.Count}; there were {result.ProblemsLeftOut} more. "
                + "With --report FILE or --json you get them all.");
        if (report.Ended is not null)
            Console.Error.WriteLine($"It ended before the end of the source: {report.Ended}");
    }

    /// <summary>Names are somebody else's, and may hold what a terminal obeys.</summary>
    static string Printable(string text) => string.Concat(text.Where(c => !char.IsControl(c)));

    sealed class Latest(Action<ImportProgress> report) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => report(value);
    }
}
