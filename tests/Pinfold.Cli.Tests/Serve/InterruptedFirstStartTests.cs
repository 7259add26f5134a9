using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>
/// Ctrl-C, a service manager's SIGTERM, or a kill while <c>serve</c> makes the shards of a new installation.
/// </summary>
public sealed class InterruptedFirstStartTests
{
    /// <summary>So many that nobody has made them all by the time the first is seen.</summary>
    const int Shards = 400;

    const int SigInt = 2, SigKill = 9, SigTerm = 15;

    [Theory]
    [InlineData(SigInt, 130)]
    [InlineData(SigTerm, 130)]
    [InlineData(SigKill, 137)]
    public async Task RunAgainItCarriesOn(int signal, int code)
    {
        await using var place = Place.Embedded();
        await File.WriteAllTextAsync(place["topology.json"], $$"""
            {
              "version": 1, "shardCount": {{Shards}},
              "servers": [ { "name": "here", "engine": "sqlite", "folder": "{{place["shards"]}}" } ],
              "shards": [ { "first": 0, "last": {{Shards - 1}}, "server": "here", "epoch": 1 } ],
            }
            """);
        string[] words = ["--data", place.Data, "--topology", place["topology.json"]];
        string[] serve = ["serve", "--urls", "http://127.0.0.1:0", "--no-fetch", .. words];

        var interrupted = await InterruptAsync(serve, signal, () => File.Exists(ShardFile(place, 0)));

        interrupted.ShouldEnd(code);
        if (signal != SigKill)
            interrupted.Error.ShouldContain("Run the same command again to carry on.");
        File.Exists(ShardFile(place, Shards - 1)).ShouldBeFalse("it was not interrupted in the midst");
        await using (var served = await Served.StartAsync(serve, null, null))
        {
            using var browser = new Browser(served.Address);
            (await browser.GetAsync("/health")).ShouldBe(HttpStatusCode.OK);
        }
        (await PinfoldProgram.RunAsync(["shard", "list", "--json", .. words])).ShouldEnd(0)
            .Json.AsArray().Count(shard => shard!["state"]!.GetValue<string>() == "open").ShouldBe(Shards);
    }

    static string ShardFile(Place place, int shard) => Path.Combine(place["shards"], $"pinfold{shard:D5}.db");

    static async Task<Finished> InterruptAsync(string[] words, int signal, Func<bool> isTime)
    {
        // Whoever runs the tests in the background may have Ctrl-C ignored, and a child inherits that.
        using var process = PinfoldProgram.Start(words, wrapper: ["env", "--default-signal=INT"]);
        var end = PinfoldProgram.FinishAsync(process, words);
        while (!isTime() && !process.HasExited)
            await Task.Delay(1);
        PinfoldProgram.Send(process, signal);
        return await end;
    }
}
