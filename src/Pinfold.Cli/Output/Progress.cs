using System.Globalization;
using Spectre.Console;

namespace Pinfold.Cli.Output;

/// <summary>A progress bar on stderr; where stderr is no terminal, nothing, so that logs stay readable.</summary>
static class Progress
{
    /// <summary>
    /// Shows how much of <paramref name="total"/> is done, and how long the rest may take; without a total, how much.
    /// </summary>
    public static Task RunAsync(string what, double? total, Func<ProgressReport, Task> work) =>
        RunAsync(what, total, work, (task, done) => task.Value = done);

    /// <summary>
    /// The same for work that is told by what is left of it: the most that was is the total. What comes meanwhile makes
    /// the bar longer.
    /// </summary>
    public static Task RunToZeroAsync(string what, Func<ProgressReport, Task> work) =>
        RunAsync(what, total: 1, work, (task, left) =>
        {
            var done = Math.Max(0, task.MaxValue - left);
            if (left > task.MaxValue)
                task.MaxValue = left;
            task.Value = Math.Max(task.Value, done);
        });

    static async Task RunAsync(
        string what, double? total, Func<ProgressReport, Task> work, Action<ProgressTask, long> show)
    {
        if (Console.IsErrorRedirected)
        {
            await work(new Ignored());
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().AutoClear(true)
            .Columns(total is null
                ? [new SpinnerColumn(), new TaskDescriptionColumn()]
                : [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                    new TimeLeftColumn(), new SpinnerColumn()])
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(what), maxValue: total ?? 1);
                task.IsIndeterminate = total is null;
                await work(new Shown(task, what, show));
            });
    }

    sealed class Ignored : ProgressReport
    {
        public override void Report(long value)
        {
        }
    }

    sealed class Shown(ProgressTask task, string what, Action<ProgressTask, long> show) : ProgressReport
    {
        public override void Report(long value)
        {
            if (task.IsIndeterminate)
                task.Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{what}: {value:N0}"));
            else
                show(task, value);
        }
    }
}

/// <summary>Told how much is done, in whichever number the work has it.</summary>
abstract class ProgressReport : IProgress<long>, IProgress<int>
{
    public abstract void Report(long value);

    void IProgress<int>.Report(int value) => Report(value);
}
