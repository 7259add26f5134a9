using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Pins;

/// <summary>How often others took a pin up.</summary>
/// <param name="Likes">How many people like it.</param>
/// <param name="Comments">How many comments there are, whoever wrote them.</param>
/// <param name="Repins">How many pins that everybody may see were saved from it, or come from it as their
/// first.</param>
sealed record PinCount(long Likes, long Comments, long Repins)
{
    public static readonly PinCount Zero = new(0, 0, 0);
}

/// <summary>Reads how many likes, comments and repins pins have: each exactly, on the pin's own shard.</summary>
sealed class PinCounts(ShardedStore store)
{
    /// <summary>How many pins are asked about at once: a page of them.</summary>
    public const int PinsMax = 50;

    /// <summary>So many fit into one batch of reads.</summary>
    const int PinsOfABatch = 300;

    /// <summary>Of at most <see cref="PinsMax"/> pins. One round trip to each server, none for none.</summary>
    /// <exception cref="PinfoldException">LimitExceeded: they are more. Unavailable: a server does not answer.
    /// </exception>
    public async Task<IReadOnlyDictionary<ObjectId<Pin>, PinCount>> OfAsync(
        IReadOnlyCollection<ObjectId<Pin>> pins, CancellationToken cancellation)
    {
        if (pins.Count > PinsMax)
            throw new PinfoldException(
                ErrorKind.LimitExceeded, $"{pins.Count} pins were asked about at once; {PinsMax} is the most. Ask in "
                + "parts.");
        return await OfManyAsync(pins, cancellation);
    }

    /// <summary>As <see cref="OfAsync"/> of however many; a round trip for each 300.</summary>
    public async Task<IReadOnlyDictionary<ObjectId<Pin>, PinCount>> OfManyAsync(
        IEnumerable<ObjectId<Pin>> pins, CancellationToken cancellation)
    {
        var counts = new Dictionary<ObjectId<Pin>, PinCount>();
        foreach (var part in pins.Distinct().Chunk(PinsOfABatch))
        {
            var read = store.Read();
            var answers = part.Select(pin => (Pin: pin, Count: Ask(read, pin))).ToList();
            await read.ExecuteAsync(cancellation);
            foreach (var (pin, count) in answers)
                counts[pin] = count();
        }
        return counts;
    }

    /// <summary>Asks in a batch; gives the answer once that is executed.</summary>
    public static Func<PinCount> Ask(ReadBatch read, ObjectId<Pin> pin)
    {
        var (likes, comments) = (read.Count(PinLikedByUser, pin), read.Count(PinHasComments, pin));
        var repins = read.Count(PinHasRepins, pin);
        return () => new PinCount(likes.Value, comments.Value, repins.Value);
    }
}
