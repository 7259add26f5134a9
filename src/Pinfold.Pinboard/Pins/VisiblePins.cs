using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Pins;

/// <summary>Reads the pins of a list, as far as the viewer may see them.</summary>
sealed class VisiblePins(ShardedStore store)
{
    /// <summary>Those of the pins that are there and that the viewer may see, in order.</summary>
    public async Task<IReadOnlyList<ListedPin>> FindAsync(
        Viewer viewer, IReadOnlyList<ObjectId<Pin>> ids, CancellationToken cancellation)
    {
        var pins = (await store.FindManyAsync(ids, cancellation)).OfType<Stored<Pin>>().ToList();
        var boards = (await store.FindManyAsync([.. pins.Select(p => p.Body.Board).Distinct()], cancellation))
            .OfType<Stored<Board>>().ToDictionary(b => b.Id, b => b.Body);
        return [.. pins.Where(p => Visibility.CanSee(viewer, p.Body, boards.GetValueOrDefault(p.Body.Board)))
            .Select(p => new ListedPin(p.Id, p.Body))];
    }
}
