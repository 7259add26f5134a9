using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Tests.Running;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

/// <summary>
/// What whoever runs the installation sees of its followers, and does about what they have put aside.
/// </summary>
public sealed class FollowerCommandTests
{
    [Fact]
    public async Task FollowersAreListedAndWhatTheyHavePutAsideIsRetriedOrSkipped()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann", "ben");
        var parked = await ParkAsync(place);
        var (one, other) = ($"{parked[0].Shard}:{parked[0].Seq}", $"{parked[1].Shard}:{parked[1].Seq}");

        var listed = (await place.RunAsync("follower", "list", "--json")).ShouldEnd(0).Json.AsArray();
        var failing = listed.Single(f => f!["name"]!.GetValue<string>() == "failing")!;
        (failing["shards"]!.GetValue<int>(), failing["lag"]!.GetValue<long>(), failing["parked"]!.GetValue<long>())
            .ShouldBe((16, 0, parked.Count));
        (await place.RunAsync("follower", "list")).ShouldEnd(0).Out.ShouldContain("failing");
        (await place.RunAsync("follower", "show", "failing")).ShouldEnd(0).Out.ShouldContain($"{one} parked");

        (await place.RunAsync("follower", "skip", "failing", one, "--reason", "its file is gone")).ShouldEnd(0)
            .Out.ShouldContain($"{one} of failing is not tried any more.");
        var shown = (await place.RunAsync("follower", "show", "failing", "--json")).ShouldEnd(0).Json;
        shown["skipped"]!.AsArray().ShouldHaveSingleItem()!["reason"]!.GetValue<string>()
            .ShouldBe("Skipped: its file is gone | InvalidOperationException: not yet");
        shown["parked"]!.AsArray().Count.ShouldBe(parked.Count - 1);

        (await place.RunAsync("follower", "retry", "failing", other)).ShouldEnd(0).Out.ShouldContain(other);
        (await place.RunAsync("follower", "retry", "failing")).ShouldEnd(0)
            .Out.ShouldStartWith($"{parked.Count - 1} entries");
        (await place.RunAsync("follower", "show", "failing", "--json")).ShouldEnd(0).Json["parked"]!.AsArray()
            .ShouldAllBe(entry => entry!["nextAttempt"]!.GetValue<DateTimeOffset>() == DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task WhatIsNotThereIsRefusedByName()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        (await place.RunAsync("follower", "show", "names")).ShouldRefuse(3, "No follower has been here");
        await ParkAsync(place);

        (await place.RunAsync("follower", "show", "nobody")).ShouldRefuse(3, "nobody", "failing");
        (await place.RunAsync("follower", "retry", "failing", "seven")).ShouldRefuse(2, "seven", "7:1234");
        (await place.RunAsync("follower", "retry", "failing", "0:999999")).ShouldRefuse(3, "0:999999");
        (await place.RunAsync("follower", "skip", "failing", "0:1")).ShouldRefuse(2, "--reason");
        (await place.RunAsync("follower", "skip", "failing", "0:999999", "--reason", "why"))
            .ShouldRefuse(3, "0:999999");
        (await place.RunAsync("follower", "skip", "failing", "0:1", "--reason", " ")).ShouldRefuse(2, "why");
    }

    /// <summary>Runs a follower that fails at everything until it has parked everything.</summary>
    static async Task<IReadOnlyList<ParkedEntry>> ParkAsync(Place place)
    {
        await using var opened = await place.OpenAsync();
        await using var host = new FollowerHost(opened.Store, [new Failing()], new FollowerOptions
        {
            AttemptsBeforeParking = 1,
            ParkedRetryFirst = TimeSpan.FromHours(1),
        });
        await host.StartAsync();
        await host.DrainAsync();
        await host.StopAsync();
        return await opened.Services.GetRequiredService<ParkedEntries>().ListAsync("failing");
    }

    sealed class Failing : IFollower
    {
        public string Name => "failing";

        public ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation) =>
            throw new InvalidOperationException("not yet");
    }
}
