using Pinfold.Cli.Output;
using Pinfold.Sharding.Operations;
using Spectre.Console;

namespace Pinfold.Cli.Operation;

/// <summary>A bar for each step that is under way, on stderr; lines where stderr is no terminal.</summary>
static class OperationProgress
{
    public static async Task<OperationStatus> RunAsync(Func<IProgress<OperationStatus>, Task<OperationStatus>> run)
    {
        if (Console.IsErrorRedirected)
            return await run(new Lines());
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().AutoClear(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new TimeLeftColumn(), new SpinnerColumn())
            .StartAsync(context => run(new Bars(context)));
    }

    static string Title(StepStatus step) => step.Subject.Length == 0 ? step.Name : $"{step.Name} {step.Subject}";

    /// <summary>A line for each step that is begun and that ends.</summary>
    sealed class Lines : IProgress<OperationStatus>
    {
        readonly Dictionary<int, StepState> _told = [];

        public void Report(OperationStatus value)
        {
            foreach (var step in value.Steps)
                if (step.State != StepState.Waiting
                    && (!_told.TryGetValue(step.Number, out var told) || told != step.State))
                {
                    _told[step.Number] = step.State;
                    Console.Error.WriteLine(step.State switch
                    {
                        StepState.Begun => $"{Title(step)} …",
                        StepState.Undone => $"{Title(step)}: undone",
                        _ => $"{Title(step)}: {step.Says}",
                    });
                }
        }
    }

    sealed class Bars(ProgressContext context) : IProgress<OperationStatus>
    {
        readonly Dictionary<int, ProgressTask> _tasks = [];

        public void Report(OperationStatus value)
        {
            foreach (var step in value.Steps.Where(step => step.State != StepState.Waiting))
            {
                if (!_tasks.TryGetValue(step.Number, out var task))
                    _tasks[step.Number] = task = context.AddTask(Markup.Escape(Title(step)));
                task.MaxValue = Math.Max(1, step.Total);
                task.Value = step.State is StepState.Done or StepState.Undone ? task.MaxValue : step.Done;
                task.IsIndeterminate = step is { State: StepState.Begun, Total: 0 };
                if (step.State is StepState.Done or StepState.Undone)
                    task.StopTask();
            }
        }
    }
}
