namespace Pinfold.Sharding.Following;

/// <summary>One transaction that is given to a follower side by side with others of its shard.</summary>
/// <param name="seq">Its number.</param>
/// <param name="objects">What occurs in it that is of interest, each once.</param>
sealed class BegunTransaction(long seq, IReadOnlyCollection<ObjectId> objects)
{
    public long Seq => seq;

    public IReadOnlyCollection<ObjectId> Objects => objects;

    /// <summary>
    /// Completes when it is in flight no more, with whether it is finished; set by who has begun it, before another of
    /// its shard is.
    /// </summary>
    public Task<bool> Run { get; set; } = Task.FromResult(false);

    /// <summary>It was handled, or is parked.</summary>
    public bool IsFinished { get; set; }
}
