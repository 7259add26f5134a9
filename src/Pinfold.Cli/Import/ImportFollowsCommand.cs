using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Follows.Import;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;

namespace Pinfold.Cli.Import;

/// <summary><c>pinfold import follows FILE</c>: who follows whom, from an edge list of user names.</summary>
static class ImportFollowsCommand
{
    const int ShownMax = 50;

    public static Command Create()
    {
        var installation = new InstallationOptions();
        var source = new Argument<string>("FILE")
        {
            Description = "A row for each follow: who follows, blanks or a tab, whom; # begins a comment. It may be "
                + "compressed with gzip.",
        };
        var prefix = new Option<string>("--prefix")
        {
            Description = "What to put before each name, such as u where people are numbers.",
            DefaultValueFactory = _ => "",
            HelpName = "TEXT",
        };
        var bothWays = new Option<bool>("--both-ways") { Description = "Each row is a follow in either direction." };
        var makeMissing = new Option<bool>("--make-missing")
        {
            Description = "Make people who are not there, without a password; they cannot sign in until one is set.",
        };
        var report = new Option<FileInfo?>("--report")
        {
            Description = "Where to write the table of what was refused, as CSV.",
            HelpName = "FILE",
        };
        var json = OutputOption.Create();
        var command = new Command(
            "follows", "Imports who follows whom. The same file twice adds nothing; interrupted, run it again.")
        {
            source, prefix, bothWays, makeMissing, report, json,
        };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.RunAsync(parsed, installation, settings =>
        {
            settings.FollowJournal = true;
            settings.FetchFromWeb = false;
        }, async (services, token) =>
        {
            var path = parsed.GetValue(source)!;
            using var problems = new FollowProblems(parsed.GetValue(report), parsed.GetValue(json));
            var (result, ended) = (new FollowImportResult(0, 0, 0, 0, 0), default(PinfoldException));
            await using var list = await EdgeList.OpenAsync(path, token);
            await Progress.RunAsync("Rows", list.Length, async progress =>
            {
                try
                {
                    await services.GetRequiredService<FollowImport>().RunAsync(
                        list.ReadAsync(token),
                        new FollowImportOptions(
                            parsed.GetValue(prefix)!, parsed.GetValue(bothWays), parsed.GetValue(makeMissing)),
                        now =>
                        {
                            result = now;
                            progress.Report(list.Position);
                        }, problems.Add, token);
                }
                catch (PinfoldException e) when (result.Rows > 0)
                {
                    ended = e;
                }
            });
            await Progress.RunToZeroAsync("Followers", progress =>
                services.GetRequiredService<FollowerHost>().DrainAsync(["reverses"], progress, token));
            Write(new FollowReport(
                path, result.Rows, result.Added, result.Present, result.Refused, result.People, problems.Shown,
                ended?.Message), parsed.GetValue(json));
            return ended is null && result.Refused == 0 ? ExitCodes.Done : ExitCodes.Partly;
        }, cancellation));
        return command;
    }

    static void Write(FollowReport report, bool asJson)
    {
        if (asJson)
        {
            OutputOption.WriteJson(report, CliJson.Default.FollowReport);
            return;
        }
        Console.WriteLine(
            $"{Count.Of(report.Rows, "row")}. {Count.Of(report.Added, "follow")} added, {report.Present:N0} there "
            + $"already, {Count.Of(report.Refused, "row")} refused; {Count.Of(report.PeopleMade, "account")} made.");
        foreach (var problem in report.Problems)
            Console.WriteLine($"row {problem.Row:N0}, refused: {Printable(problem.What)}: {problem.Why}");
        if (report.Refused > report.Problems.Count)
            Console.WriteLine(
                $"These are the first {report.Problems.Count}. With --report FILE or --json you get them all.");
        if (report.Ended is not null)
            Console.Error.WriteLine($"It ended before the end of the file: {report.Ended}");
    }

    /// <summary>Names are somebody else's, and may hold what a terminal obeys.</summary>
    static string Printable(string text) => string.Concat(text.Where(c => !char.IsControl(c)));

    /// <summary>All to the table; the first to the screen, or all where JSON is asked for.</summary>
    sealed class FollowProblems(FileInfo? report, bool keepsAll) : IDisposable
    {
        readonly ProblemLog _log = new(report, keepsAll);
        readonly List<RowProblem> _first = [];

        public IReadOnlyList<RowProblem> Shown => _log.Kept ?? _first;

        public void Add(RowProblem problem)
        {
            _log.Add(problem);
            if (_first.Count < ShownMax)
                _first.Add(problem);
        }

        public void Dispose() => _log.Dispose();
    }
}
