using System.Text.Json.Nodes;
using Shouldly;

namespace Pinfold.Cli.Tests.Running;

/// <summary>What a run of the executable left: its exit code, its data and its messages.</summary>
sealed record Finished(string CommandLine, int Code, string Out, string Error)
{
    public Finished ShouldEnd(int code)
    {
        Code.ShouldBe(code, ToString());
        return this;
    }

    /// <summary>A refusal: nothing but the message, on stderr, with all of these words.</summary>
    public Finished ShouldRefuse(int code, params string[] words)
    {
        ShouldEnd(code);
        Out.ShouldBeEmpty(ToString());
        Error.ShouldNotContain("fault of the program");
        foreach (var word in words)
            Error.ShouldContain(word);
        return this;
    }

    public JsonNode Json => JsonNode.Parse(Out) ?? throw new InvalidOperationException(ToString());

    public override string ToString() => $"pinfold {CommandLine}\nended with {Code}\n{Out}\n{Error}";
}
