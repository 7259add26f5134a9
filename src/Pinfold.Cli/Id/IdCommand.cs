using System.CommandLine;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Id;

/// <summary><c>pinfold id ID</c>: explains an id; nothing is asked, all of it is in the number.</summary>
static class IdCommand
{
    public static Command Create()
    {
        var ids = new Argument<string[]>("ID") { Description = "One id or several.", Arity = ArgumentArity.OneOrMore };
        var json = OutputOption.Create();
        var command = new Command("id", "Explains an id: its shard, its type and its number there.") { ids, json };
        command.SetAction(parsed =>
        {
            var explained = parsed.GetValue(ids)!.Select(Explain).ToList();
            if (parsed.GetValue(json))
                foreach (var id in explained)
                    OutputOption.WriteJson(id, CliJson.Default.ExplainedId);
            else
                OutputOption.WriteTable(
                    ["id", "shard", "database", "type", "", "local", "hex"], explained.Select(e => (string[])
                    [e.Id, $"{e.Shard}", e.Database, $"{e.Type}", e.TypeName
                        ?? "(not of the pinboard)", $"{e.Local}", e.Hex]));
            return ExitCodes.Done;
        });
        return command;
    }

    static ExplainedId Explain(string text)
    {
        var id = ObjectId.Parse(text);
        return new ExplainedId(id.ToString(), id.Shard.Value, DatabaseNames.Default.Of(id.Shard), id.Type,
            PinboardModel.Sharding.FindType(id.Type)?.Name, id.Local, $"0x{id.Value:x16}");
    }
}
