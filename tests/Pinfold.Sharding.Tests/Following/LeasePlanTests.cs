using CsCheck;
using Pinfold.Sharding.Following;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>
/// Who takes and gives up what, without any server: every process decides by itself, from what all see.
/// </summary>
public sealed class LeasePlanTests
{
    [Fact]
    public void WhateverTheyBeginWithProcessesSettleOnFairSharesAndNobodyHasWhatItCannotDo() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 5], Gen.Int[0, 1_000_000]).Sample((shardCount, processes, seed) =>
        {
            var random = new Random(seed);
            var here = Enumerable.Range(0, shardCount).Select(i => new ShardId(i)).ToHashSet();
            var unable = Enumerable.Range(0, processes).Select(i => i == 0 ? []
                : here.Where(_ => random.Next(4) == 0).ToHashSet()).ToArray();
            var held = Enumerable.Range(0, processes).Select(_ => new HashSet<ShardId>()).ToArray();
            foreach (var shard in here.Where(_ => random.Next(3) > 0))
                held[random.Next(processes)].Add(shard);

            var rounds = 0;
            while (Enumerable.Range(0, processes).Any(i => Step(i)))
                (++rounds).ShouldBeLessThan(100, "it goes back and forth");

            held.SelectMany(h => h).Order().ShouldBe(here.Order());
            var share = (shardCount + processes - 1) / processes;
            for (var i = 0; i < processes; i++)
            {
                held[i].Intersect(unable[i]).ShouldBeEmpty();
                if (held[i].Count > share) // nobody with room could do any of it
                    held[i].Where(s => Enumerable.Range(0, processes)
                        .Any(o => o != i && held[o].Count < share && !unable[o].Contains(s))).ShouldBeEmpty();
            }

            bool Step(int me)
            {
                var others = Enumerable.Range(0, processes).Where(i => i != me).ToList();
                var plan = LeasePlan.Make(new LeaseView(here, held[me],
                    others.SelectMany(o => held[o]).ToHashSet(), unable[me],
                    [.. others.Select(o => new LeaseHolder(held[o].Count, unable[o]))]),
                    _ => random.Next(2) == 0);
                held[me].ExceptWith(plan.GiveUp);
                held[me].UnionWith(plan.Take);
                return plan.GiveUp.Count + plan.Take.Count > 0;
            }
        });

    [Fact]
    public void ShardsOfAnotherServerAreGivenUp() =>
        LeasePlan.Make(new LeaseView(Shards(0, 1), Shards(0, 1, 7), Shards(), Shards(), []), _ => true)
            .GiveUp.ShouldBe([new ShardId(7)]);

    [Theory]
    [InlineData("", new int[0])]
    [InlineData("0-2, 7, 9-10", new[] { 0, 1, 2, 7, 9, 10 })]
    [InlineData("65535", new[] { 65535 })]
    public void ShardsAreToldAsRuns(string text, int[] shards)
    {
        ShardRuns.Text(shards.Reverse().Select(s => new ShardId(s))).ShouldBe(text);
        ShardRuns.Parse(text).ShouldBe(shards.Select(s => new ShardId(s)));
    }

    static HashSet<ShardId> Shards(params int[] shards) => [.. shards.Select(s => new ShardId(s))];
}
