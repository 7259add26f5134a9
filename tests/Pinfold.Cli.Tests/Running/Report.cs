using System.Text.Json.Nodes;
using Shouldly;

namespace Pinfold.Cli.Tests.Running;

/// <summary>What an import said of itself.</summary>
sealed class Report(JsonNode json)
{
    public long Number(string name) => json[name]!.GetValue<long>();

    /// <summary>Why rows were refused.</summary>
    public IEnumerable<string> Refusals => json["problems"]!.AsArray()
        .Where(p => p!["isRefused"]!.GetValue<bool>())
        .Select(p => p!["why"]!.GetValue<string>());

    /// <summary>That it found everything there that the first import of the same source had added.</summary>
    public void ShouldHaveAddedNothing(Report first)
    {
        Number("added").ShouldBe(0, ToString());
        Number("present").ShouldBe(first.Number("added") + first.Number("present"));
        (Number("rows"), Number("refused")).ShouldBe((first.Number("rows"), first.Number("refused")));
        (Number("boards"), Number("sections")).ShouldBe((0, 0));
    }

    public override string ToString() => json.ToString();
}
