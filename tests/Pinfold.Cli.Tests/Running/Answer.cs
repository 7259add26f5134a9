using System.Net;
using System.Text;
using Shouldly;

namespace Pinfold.Cli.Tests.Running;

/// <summary>An HTTP answer, read whole.</summary>
sealed record Answer(HttpStatusCode Status, byte[] Body, string? Location, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>What a reader of the page reads, entities decoded.</summary>
    public string Words => WebUtility.HtmlDecode(Text);

    public Answer ShouldBe(HttpStatusCode status, params string[] words)
    {
        Status.ShouldBe(status, Words);
        foreach (var word in words)
            Words.ShouldContain(word);
        return this;
    }
}
