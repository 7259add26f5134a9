using System.Collections.Concurrent;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Writes the cursors of one server's lanes that have moved, all in one round trip: what a crash repeats is what they
/// have not been told yet.
/// </summary>
/// <param name="server">Whose cursors.</param>
/// <param name="lose">Told of lanes that are not this process's any more, and why.</param>
sealed class CursorWriter(IShardServer server, Action<IEnumerable<FollowerLane>, string> lose)
{
    readonly SemaphoreSlim _writing = new(1);
    readonly ConcurrentDictionary<FollowerLane, bool> _moved = new();

    /// <summary>Remembers that a cursor is to be written soon.</summary>
    public void Moved(FollowerLane lane) => _moved.TryAdd(lane, true);

    /// <summary>Writes what has moved. A cursor that refuses is somebody else's now.</summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        // Not before it is known that nothing is moved: who needs it written waits for a writing that is under way.
        await _writing.WaitAsync(cancellation);
        try
        {
            if (_moved.IsEmpty)
                return;
            var moves = _moved.Keys.Where(l => _moved.TryRemove(l, out _) && !l.IsLost)
                .Select(l => l.Move()).Where(m => m.To > m.From).ToList();
            if (moves.Count == 0)
                return;
            HashSet<(ShardId, string)> refused;
            try
            {
                refused = [.. (await server.Cursors.AdvanceAsync([.. moves.Select(m => new CursorMove(
                    m.Lane.Shard.Id, m.Lane.Follower, m.Lane.Claim, m.From, m.To))], cancellation))
                    .Select(m => (m.Shard, m.Follower))];
            }
            catch (Exception)
            {
                // Whether they were written is not known: the claim is made anew, which reads where they stand.
                lose(moves.Select(m => m.Lane), "their cursors could not be written");
                throw;
            }
            lose(moves.Where(m => IsRefused(m.Lane)).Select(m => m.Lane), "another process has claimed them");
            foreach (var (lane, handled, _, to) in moves.Where(m => !IsRefused(m.Lane)))
                lane.Wrote(to, handled);

            bool IsRefused(FollowerLane lane) => refused.Contains((lane.Shard.Id, lane.Follower));
        }
        finally
        {
            _writing.Release();
        }
    }
}
