namespace Pinfold.Sharding.Journal;

/// <summary>Events that the library itself says; an application's own have other names.</summary>
static class JournalEvents
{
    /// <summary>Payload: a cache key to invalidate.</summary>
    public const string Invalidate = "$invalidate";
}
