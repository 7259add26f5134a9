using System.Globalization;
using Spectre.Console;

namespace Pinfold.Cli.Output;

/// <summary>A progress bar on stderr; where stderr is no terminal, nothing, so that logs stay readable.</summary>
static class Progress
{
    public static async Task RunAsync(string what, double? total, Func<IProgress<int>, Task> work)
    {
        if (Console.IsErrorRedirected)
        {
            await work(new Ignore());
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().AutoClear(true)
            .Columns(total is null
                ? [new SpinnerColumn(), new TaskDescriptionColumn()]
                : [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                    new RemainingTimeColumn(), new SpinnerColumn()])
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(what), maxValue: total ?? 1);
                task.IsIndeterminate = total is null;
                await work(new Report(task, what));
            });
    }

    sealed class Ignore : IProgress<int>
    {
        public void Report(int value)
        {
        }
    }

    sealed class Report(ProgressTask task, string what) : IProgress<int>
    {
        void IProgress<int>.Report(int value)
        {
            if (task.IsIndeterminate)
                task.Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{what}: {value:N0}"));
            else
                task.Value = value;
        }
    }
}
