using Pinfold.Sharding.Moving;

namespace Pinfold.Cli.Output;

/// <summary>How shards lie on servers, the heaviest shards first, and what is proposed.</summary>
sealed record ShownBalance(
    IReadOnlyList<ServerWeight> Servers, IReadOnlyList<WeighedShard> Shards, IReadOnlyList<BalanceProposal> Proposals)
{
    public static ShownBalance Of(BalanceReport report) => new(
        report.Servers, [.. report.Shards.Select(shard => new WeighedShard(
            shard.Shard.Value, shard.Server, shard.Rows, shard.Bytes, shard.WritesPerDay))], report.Proposals);
}

/// <summary>About how much a shard has.</summary>
sealed record WeighedShard(int Shard, string Server, long Rows, long Bytes, double WritesPerDay);
