using System.Text.Json.Serialization;

namespace Pinfold.Cli.Output;

/// <summary>What --json writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ExplainedId))]
[JsonSerializable(typeof(ListedShard[]))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(AddedUser))]
[JsonSerializable(typeof(PersonBudget))]
sealed partial class CliJson : JsonSerializerContext;
