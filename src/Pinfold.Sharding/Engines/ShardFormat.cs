namespace Pinfold.Sharding.Engines;

/// <summary>The layouts of a shard's tables that this program reads and writes.</summary>
static class ShardFormat
{
    public const int Oldest = 2, Newest = 2;
}
