namespace Pinfold.Sharding.Lanes;

/// <summary>Who waits for a server: first for a lane, then for the answer.</summary>
interface IWaiting
{
    /// <summary>How long since it came, and until when it waits.</summary>
    Deadline Deadline { get; }

    /// <summary>
    /// Its time is over, in the queue or under way. Called without a lock; may be called more than once.
    /// </summary>
    void OnTimeOver();
}
