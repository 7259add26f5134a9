namespace Pinfold.Pinboard.Redis;

/// <summary>What of a Redis survives its restart; each includes those before it.</summary>
enum RedisPersistence
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>What was there when the last snapshot was taken (<c>save</c>).</summary>
    Snapshots,

    /// <summary>All but about the last second (<c>appendonly yes</c>).</summary>
    AppendOnly,
}
