using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Pinfold.Cli.Output;

/// <summary>
/// Data goes to stdout, as a table for people or as JSON for programs; everything else goes to stderr.
/// </summary>
static class OutputOption
{
    public static Option<bool> Create() => new("--json") { Description = "Write JSON instead of a table." };

    public static void WriteJson<T>(T value, JsonTypeInfo<T> json) =>
        Console.Out.WriteLine(JsonSerializer.Serialize(value, json));

    public static void WriteTable(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        foreach (var row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        var console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
            console.Profile.Width = 200;
        console.Write(table);
    }
}
