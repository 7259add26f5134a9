using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Following;

/// <summary>
/// What a worker does with one lane before it takes others: the rows that it has read, and how far it is with them.
/// </summary>
sealed class LaneTurn
{
    int _next;
    long _end;

    public LaneTurn(FollowerLane lane)
    {
        Lane = lane;
        lane.Begin();
    }

    public FollowerLane Lane { get; }

    /// <summary>What was read behind the lane's place, in order.</summary>
    public ArraySegment<JournalItem> Items { get; set; } = [];

    /// <summary>What is being handled.</summary>
    public List<JournalItem> Taken { get; } = [];

    /// <summary>The entry that this program does not know, once the lane has come to it.</summary>
    public NewerEntryException? Newer { get; private set; }

    /// <summary>It is not to go on before something that is in flight has ended.</summary>
    public bool IsStalled { get; set; }

    /// <summary>It is not to go on before some time has passed.</summary>
    public bool IsInTrouble { get; set; }

    /// <summary>
    /// Takes what the follower is to be given next, at most <paramref name="most"/>, and passes what is of no interest
    /// to it; how many were taken. What cannot be read is taken alone.
    /// </summary>
    /// <param name="interests">The follower's.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="unwrittenMax">How many may have been handled since the cursor was written.</param>
    public int Take(FollowerInterests interests, int most, int unwrittenMax)
    {
        Taken.Clear();
        if (IsInTrouble || !Lane.MayHandle)
            return 0;
        most = Math.Min(most, unwrittenMax - Lane.Unwritten);
        for (_end = Lane.Position; _next < Items.Count; _next++)
        {
            var item = Items[_next];
            if (item.Newer is { } newer)
            {
                Newer = Taken.Count == 0 ? newer : null;
                break;
            }
            if (item.Error is not null || interests.Concern(item.Transaction!))
            {
                if (Taken.Count >= most || (item.Error is not null && Taken.Count > 0))
                    break;
                Taken.Add(item);
            }
            _end = item.Seq;
            if (item.Error is null)
                continue;
            _next++;
            break;
        }
        if (Taken.Count == 0)
            Lane.Advance(_end, handled: 0);
        return Taken.Count;
    }

    /// <summary>All that was taken is handled or parked, and what lay between is of no interest.</summary>
    public void Complete() => Lane.Advance(_end, Taken.Count(item => item.Seq > Lane.Position));

    /// <summary>The lane stays where it is, and comes again.</summary>
    public void Fail()
    {
        IsInTrouble = true;
    }
}
