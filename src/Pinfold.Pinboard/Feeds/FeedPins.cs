using System.Globalization;
using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Feeds;

/// <summary>Reads pins from their shards as feeds have them, as far as everybody may see them.</summary>
sealed class FeedPins(ShardedStore store)
{
    const int AtOnceMax = 5000;

    /// <summary>
    /// Those that are there and public, in the order given; two round trips to each server for each 5,000.
    /// </summary>
    public async Task<FoundPins> FindAsync(IReadOnlyCollection<ObjectId<Pin>> ids, CancellationToken cancellation)
    {
        var entries = new List<FeedEntry>(ids.Count);
        PinfoldException? failure = null;
        foreach (var part in ids.Chunk(AtOnceMax))
        {
            var pins = await store.FindManyPartialAsync(part, cancellation);
            var found = pins.Items.OfType<Stored<Pin>>().ToList();
            var boards = await store.FindManyPartialAsync(
                [.. found.Select(pin => pin.Body.Board).Distinct()], cancellation);
            var byId = boards.Items.OfType<Stored<Board>>().ToDictionary(board => board.Id, board => board.Body);
            entries.AddRange(
                from pin in found
                where Visibility.CanSee(Viewer.Anybody, pin.Body, byId.GetValueOrDefault(pin.Body.Board))
                select Entry(pin));
            failure ??= pins.Failures.Concat(boards.Failures).FirstOrDefault()?.Error;
        }
        return new FoundPins(entries, failure);
    }

    public static FeedEntry Entry(Stored<Pin> pin) => new(
        pin.Id, pin.Body.Owner, pin.Body.Board, pin.Body.Sequence, PictureOf(pin.Body.Picture), pin.Seq);

    /// <summary>The first 64 bits of the picture's hash; 0 while there is none.</summary>
    public static ulong PictureOf(PinPicture? picture) =>
        picture is { State: PictureState.Ready, Hash: { Length: >= 16 } hash }
            && ulong.TryParse(hash.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits)
            ? bits : 0;
}

/// <summary>Pins that were found.</summary>
/// <param name="Entries">As feeds have them.</param>
/// <param name="Failure">Why some could not be read; null when none failed.</param>
sealed record FoundPins(IReadOnlyList<FeedEntry> Entries, PinfoldException? Failure);
