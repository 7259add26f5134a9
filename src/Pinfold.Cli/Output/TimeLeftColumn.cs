using Pinfold.Pinboard.Import;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pinfold.Cli.Output;

/// <summary>How long a task may still take, at the pace of all of it so far, so that it does not jump about.</summary>
sealed class TimeLeftColumn : ProgressColumn
{
    static readonly TimeSpan PaceMin = TimeSpan.FromSeconds(2);

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(Left(task) is { } left ? ImportWords.TimeLeft(left) : "", Color.Grey);

    static TimeSpan? Left(ProgressTask task) =>
        task.ElapsedTime is { } elapsed && elapsed >= PaceMin && task.Value > 0 && task.Value < task.MaxValue
            ? elapsed * ((task.MaxValue - task.Value) / task.Value)
            : null;
}
