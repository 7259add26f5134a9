using System.Net;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Secrecy;

/// <summary>
/// Whatever a stranger asks of something secret, they get what they get of something that never was: the same status,
/// headers and bytes, after as many round trips if as much of it is in the cache.
/// </summary>
public sealed partial class RefusalPairTests(ITestOutputHelper output)
{
    /// <summary>They take turns, by route: each may change only so much in a minute.</summary>
    const int Strangers = 6;

    const int RepeatsMax = 2;

    static readonly string[] IdFields = ["board", "section", "sectionId", "place"];

    public static TheoryData<string> Engines => Fleet.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhatIsSecretIsAsWhatNeverWas(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        SpareSecrets secrets;
        var own = new List<(ObjectId Board, ObjectId Pin)>();
        await using (var first = await Site.StartAsync(place, follows: true))
        {
            secrets = await SpareSecrets.MakeAsync(first, "keeper");
            for (var i = 0; i < Strangers; i++)
            {
                var person = await first.AddUserAsync($"stranger{i}");
                var board = await first.Get<BoardService>().CreateAsync(person, "Own", null, isSecret: false, default);
                own.Add((board, await first.Get<PinService>().CreateAsync(person, new NewPin(board), default)));
            }
            await first.FollowAsync();
        }
        // One that has nothing in its memory, and in which nothing but requests asks a shard.
        await using var site = await Site.StartAsync(place, follows: false);
        using var nobody = await Visitor.NobodyAsync(site);
        var strangers = new List<Visitor>();
        for (var i = 0; i < Strangers; i++)
            strangers.Add(await Visitor.SignedInAsync(site, $"stranger{i}"));
        using var crowd = new Crowd(strangers);
        var statuses = new Dictionary<HttpStatusCode, int>();
        var repeats = 0;

        foreach (var (turn, route) in new RouteBook(site).Routes.Index())
            foreach (var (secret, never, another) in PathPairs(route, secrets)
                .Concat(FieldPairs(route, secrets, own[turn % Strangers])))
                for (var time = 0; time < 4; time++)
                {
                    var visitor = time < 2 ? crowd.At(turn) : nobody;
                    // What the first process made is in the cache that it shared with this one, if it did.
                    var (ofSecret, trips, tripsOfNever) = await AskAsync(
                        site, visitor, secret, never, another);
                    // That something is missing is kept for half a minute, which may end between two of them: then
                    // the next asks for it again. A difference would be there for more than those few.
                    if (time > 0 && trips != tripsOfNever && repeats++ < RepeatsMax)
                        (ofSecret, trips, tripsOfNever) = await AskAsync(site, visitor, secret, never, another);
                    if (time > 0 || engine == "SQLite")
                        trips.ShouldBe(tripsOfNever, $"round trips of {secret}, time {time}");
                    statuses[ofSecret.Status] = statuses.GetValueOrDefault(ofSecret.Status) + 1;
                }

        output.WriteLine(string.Join(", ", statuses));
        statuses[HttpStatusCode.NotFound].ShouldBeGreaterThan(100);
        for (var i = 0; i < Strangers; i++)
            (await crowd.At(i).GetAsync($"/stranger{i}"))
                .Words.ShouldNotContain("Never made", customMessage: "nothing is made for what is refused");
    }

    /// <summary>Asks for what is secret and for what never was; how many round trips each took.</summary>
    static async Task<(Answer OfSecret, int Trips, int TripsOfNever)> AskAsync(
        Site site, Visitor visitor, Asked secret, Asked never, Asked another)
    {
        // Whatever else is asked for on the way is in the cache then.
        await visitor.SendAsync(another);
        var before = site.RoundTrips;
        var ofSecret = await visitor.SendAsync(secret);
        var between = site.RoundTrips;
        var ofNever = await visitor.SendAsync(never);
        Said(ofSecret, secret.Thing).ShouldBe(Said(ofNever, never.Thing), $"{secret}");
        return (ofSecret, between - before, site.RoundTrips - between);
    }

    /// <summary>Ids and words of the path.</summary>
    static IEnumerable<(Asked Secret, Asked Never, Asked Another)> PathPairs(Route route, SpareSecrets secrets)
    {
        var fields = route.Fields.ToDictionary(name => name, Ordinary);
        foreach (var _ in route.Parameters.Intersect(["id", "pin"]))
            foreach (var thing in secrets.Next())
                yield return (
                    Ask($"{thing}"), Ask($"{SpareSecrets.Never(thing, 1)}"), Ask($"{SpareSecrets.Never(thing, 2)}"));
        if (route.Parameters.Contains("slug"))
            yield return (Ask(secrets.NextSlug()), Ask("hidden-999"), Ask("hidden-998"));

        Asked Ask(string thing) => Asked.Of(route, thing, fields, name => name switch
        {
            "width" => "236",
            "file" => "0123456789ab.webp",
            "username" => "keeper",
            _ => thing,
        });
    }

    /// <summary>Ids in a form or a query, with something of one's own, or of everybody, in the path.</summary>
    static IEnumerable<(Asked Secret, Asked Never, Asked Another)> FieldPairs(
        Route route, SpareSecrets secrets, (ObjectId Board, ObjectId Pin) own)
    {
        if (route.Path.EndsWith("/delete", StringComparison.Ordinal))
            yield break;
        foreach (var field in route.Fields.Intersect(IdFields))
            foreach (var inPath in route.Parameters.Contains("id")
                ? (ObjectId[])[own.Board, own.Pin, secrets.PublicPin] : [default])
                foreach (var thing in secrets.Next())
                    foreach (var before in field is "place" or "board" ? (string[])["", $"{own.Board}/"] : [""])
                        yield return (
                            Ask(field, inPath, before, $"{thing}"),
                            Ask(field, inPath, before, $"{SpareSecrets.Never(thing, 1)}"),
                            Ask(field, inPath, before, $"{SpareSecrets.Never(thing, 2)}"));

        Asked Ask(string field, ObjectId inPath, string before, string thing) => Asked.Of(
            route, thing,
            route.Fields.ToDictionary(name => name, name => name == field ? before + thing : Ordinary(name)),
            name => name switch { "username" => "keeper", "slug" => "harbour", _ => $"{inPath}" });
    }

    /// <summary>What a form may have that is sent to what is one's own.</summary>
    static string Ordinary(string field) => field switch
    {
        "board" => "new",
        "newBoard" => "Never made",
        "url" => "https://shown.example/",
        _ => "",
    };

    /// <summary>All that an answer says but what differs between any two, and the id or word that was asked
    /// for.</summary>
    static string Said(Answer answer, string thing)
    {
        var headers = answer.Headers.Where(h => h.Key != "Date")
            .Select(h => $"{h.Key}: {h.Value}").Order(StringComparer.Ordinal);
        var said = string.Join('\n', [$"{answer.Status}", .. headers, answer.Text]);
        return Token().Replace(said.Replace(thing, "THING", StringComparison.Ordinal), "TOKEN");
    }

    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]+")]
    private static partial Regex Token();
}
