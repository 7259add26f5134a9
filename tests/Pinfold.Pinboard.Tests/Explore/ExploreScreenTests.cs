using Pinfold.Pinboard.Explore;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Explore;

/// <summary>Screens of what there is to explore: each of many, and all of it in the end.</summary>
public sealed class ExploreScreenTests(ITestOutputHelper output)
{
    const int Size = 20;

    [Fact]
    public void EveryPinIsOnOneScreenWhateverThereIs()
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        for (var run = 0; run < Soak.Times(200, 5_000); run++)
        {
            var sorted = Some(random, random.Next(300), authors: 1 + random.Next(40));
            var shown = Screens(sorted).SelectMany(screen => screen).ToList();
            shown.Count.ShouldBe(sorted.Count);
            shown.ToHashSet().SetEquals(sorted).ShouldBeTrue();
        }
    }

    [Fact]
    public void NoScreenIsOfOneAuthorOrBoardWhereThereAreOthers()
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        // The hottest of all are of one, and the next of one board.
        var sorted = Some(random, 400, authors: 40);
        var loud = Enumerable.Range(0, ExploreScreen.WaitingMax / 2).Select(i => Hot(10_000 + i, 900_000 - i, 99, i));
        var board = Enumerable.Range(0, 12).Select(i => Hot(20_000 + i, 800_000 - i, 100 + i, 1_000));
        var first = Screens([.. loud, .. board, .. sorted])[0];
        first.GroupBy(candidate => candidate.Author).Max(group => group.Count())
            .ShouldBeLessThanOrEqualTo(ExploreScreen.OfAuthorMax);
        first.GroupBy(candidate => candidate.Board).Max(group => group.Count())
            .ShouldBeLessThanOrEqualTo(ExploreScreen.OfBoardMax);
        first[0].Pin.Local.ShouldBe(10_000, "the hottest is first all the same");
    }

    [Fact]
    public void WhereThereIsOnlyOneAuthorTheScreenIsFullAllTheSame()
    {
        var sorted = Enumerable.Range(0, 45).Select(i => Hot(1 + i, 1000 - i, 1, 1)).ToList();
        Screens(sorted).Select(screen => screen.Count).ShouldBe([20, 20, 5]);
    }

    [Fact]
    public void WhatWasShownDoesNotComeAgainThoughItGrewColder()
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        var sorted = Some(random, 200, authors: 3);
        var screen = new ExploreScreen(sorted, null, []);
        screen.Take(Size);
        var cursor = ExploreCursor.Parse(
            new ExploreCursor(screen.After!.Value, [.. screen.Waiting.Select(c => c.Pin)]).ToString())!;
        var waited = cursor.Waiting.ToHashSet();
        waited.Count.ShouldBeGreaterThan(0);
        var colder = sorted.Select(c => waited.Contains(c.Pin) ? c with { Heat = 1 } : c)
            .OrderBy(c => c.Position).ToList();
        var rest = new ExploreScreen(colder, cursor.After, colder.Where(c => waited.Contains(c.Pin)));
        var shown = new List<ExploreCandidate>();
        while (rest.Take(Size) is { Count: > 0 } more)
            shown.AddRange(more);
        shown.Select(c => c.Pin).Distinct().Count().ShouldBe(shown.Count);
        shown.Count.ShouldBe(sorted.Count - Size);
    }

    /// <summary>Each from where the one before ended, as an address carries it.</summary>
    static List<IReadOnlyList<ExploreCandidate>> Screens(IReadOnlyList<ExploreCandidate> sorted)
    {
        var screens = new List<IReadOnlyList<ExploreCandidate>>();
        for (ExploreCursor? cursor = null; ;)
        {
            var waited = cursor?.Waiting.ToHashSet() ?? [];
            var screen = new ExploreScreen(sorted, cursor?.After, sorted.Where(c => waited.Contains(c.Pin)));
            if (screen.Take(Size) is { Count: > 0 } shown)
                screens.Add(shown);
            if (!screen.HasMore)
                return screens;
            cursor = ExploreCursor.Parse(
                new ExploreCursor(screen.After!.Value, [.. screen.Waiting.Select(c => c.Pin)]).ToString());
        }
    }

    static List<ExploreCandidate> Some(Random random, int count, int authors) =>
    [
        .. Enumerable.Range(1, count).Select(i => Hot(i, random.Next(500), random.Next(authors), random.Next(60)))
            .OrderBy(candidate => candidate.Position),
    ];

    static ExploreCandidate Hot(int pin, long heat, int author, int board) => new(
        Pin.Type.Id(new ObjectId(new ShardId(0), Pin.Type.Number, pin)),
        User.Type.Id(new ObjectId(new ShardId(0), User.Type.Number, author + 1)),
        Board.Type.Id(new ObjectId(new ShardId(0), Board.Type.Number, board + 1)), heat);
}
