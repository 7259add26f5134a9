using Microsoft.Data.Sqlite;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

/// <summary>What whoever runs the installation is told of its shards, and has put right.</summary>
public sealed class VerifyCommandTests
{
    [Fact]
    public async Task AFaultIsToldShownRepairedAndGone()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        await File.WriteAllTextAsync(place["ann.html"], Bookmarks);
        await place.ImportAsync("bookmarks", place["ann.html"], "ann");
        var clean = (await place.RunAsync("verify", "--wait", "0", "--json")).Json;
        clean["faults"]!.GetValue<long>().ShouldBe(0, $"{clean}");
        var shard = await BreakAsync(place);

        var told = await place.RunAsync("verify", "--wait", "0");
        told.Code.ShouldBe(7, $"{told}");
        told.Out.ShouldContain("counts 5 and has 2 entries");
        var shown = await place.RunAsync("verify", "--wait", "0", "--shards", $"{shard}", "--repair");
        shown.Code.ShouldBe(7, $"{shown}");
        shown.Out.ShouldContain($"shard {shard}: sets the count of board_has_pins of ");
        var repaired = (await place.RunAsync("verify", "--wait", "0", "--repair", "--yes", "--json")).Json;
        repaired["shards"]!.AsArray().SelectMany(its => its!["findings"]!.AsArray())
            .Single(finding => finding!["check"]!.GetValue<string>() == "counts")!["isRepaired"]!.GetValue<bool>()
            .ShouldBeTrue();
        (await place.RunAsync("verify", "--wait", "0", "--json")).Json["faults"]!.GetValue<long>().ShouldBe(0);
    }

    [Fact]
    public async Task WhatIsAskedWronglyIsRefusedByName()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        (await place.RunAsync("verify", "--yes")).ShouldRefuse(2, "--repair");
        (await place.RunAsync("verify", "--shards", "99")).ShouldRefuse(3, "99");
        (await place.RunAsync("verify", "--shards", "1", "--server", "local")).ShouldRefuse(2, "not both");
        (await place.RunAsync("verify", "--server", "nowhere")).ShouldRefuse(3, "nowhere");
    }

    /// <summary>Has the list of a board's pins count wrongly; gives the shard.</summary>
    static async Task<int> BreakAsync(Place place)
    {
        for (var shard = 0; shard < 16; shard++)
        {
            var file = Path.Combine(place.Data, "shards", $"pinfold{shard:D5}.db");
            await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE entries SET n=5 WHERE mapping=4 AND to_id=0";
            if (await command.ExecuteNonQueryAsync() == 1)
                return shard;
        }
        throw new InvalidOperationException("No board has pins.");
    }

    const string Bookmarks = """
        <!DOCTYPE NETSCAPE-Bookmark-file-1>
        <DL><p>
        <DT><H3>Cooking</H3>
        <DL><p>
        <DT><A HREF="https://example.com/a" ADD_DATE="1600000000">A</A>
        <DT><A HREF="https://example.com/b" ADD_DATE="1600000001">B</A>
        </DL><p>
        </DL><p>
        """;
}
