namespace Pinfold.Sharding.Journal;

/// <summary>Events that the library itself says; an application's own have other names.</summary>
static class JournalEvents
{
    /// <summary>Payload: a cache key to invalidate.</summary>
    public const string Invalidate = "$invalidate";

    /// <summary>
    /// The count of a list was set right, or its newest change is to be told to the other side again.
    /// </summary>
    public const string Repaired = "$repaired";
}
