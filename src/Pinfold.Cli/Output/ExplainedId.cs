namespace Pinfold.Cli.Output;

/// <summary>What an id says.</summary>
sealed record ExplainedId(string Id, int Shard, string Database, int Type, string? TypeName, long Local, string Hex);
