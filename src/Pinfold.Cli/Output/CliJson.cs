using System.Text.Json.Serialization;

namespace Pinfold.Cli.Output;

/// <summary>What --json writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ExplainedId))]
[JsonSerializable(typeof(ListedShard[]))]
[JsonSerializable(typeof(ListedRedis[]))]
[JsonSerializable(typeof(ShownFeed))]
[JsonSerializable(typeof(RebuiltFeedCounts))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(FollowReport))]
[JsonSerializable(typeof(AddedUser))]
[JsonSerializable(typeof(PersonBudget))]
[JsonSerializable(typeof(ListedUser[]))]
[JsonSerializable(typeof(MadeInvitation))]
[JsonSerializable(typeof(AuditedAct[]))]
[JsonSerializable(typeof(ListedIndex[]))]
[JsonSerializable(typeof(RebuiltIndex))]
[JsonSerializable(typeof(VerifiedIndex))]
[JsonSerializable(typeof(ListedFollower[]))]
[JsonSerializable(typeof(ShownFollower))]
[JsonSerializable(typeof(ShownJournals))]
[JsonSerializable(typeof(ShownPlan))]
[JsonSerializable(typeof(ShownOperation))]
[JsonSerializable(typeof(ShownOperation[]))]
[JsonSerializable(typeof(ListedServer[]))]
[JsonSerializable(typeof(ShownBalance))]
[JsonSerializable(typeof(ListedTopology[]))]
[JsonSerializable(typeof(ListedProcess[]))]
[JsonSerializable(typeof(ShownLab))]
[JsonSerializable(typeof(VerifiedFleet))]
sealed partial class CliJson : JsonSerializerContext;
