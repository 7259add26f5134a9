using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Responses;

/// <summary>
/// What the cards of a page say beside their pins. For visitors equal while nothing of it is new, so that a page can be
/// kept with it.
/// </summary>
/// <param name="Counts">Place by place.</param>
/// <param name="Liked">What the viewer likes of it.</param>
sealed record CardResponses(IReadOnlyList<PinCount> Counts, IReadOnlySet<ObjectId<Pin>> Liked);

/// <summary>Reads the counts of a page of pins, and which of them the viewer likes, for all of them at once.</summary>
sealed class CardReader(ShardedStore store, PinCounts counts)
{
    static readonly TimeSpan VisitorsCountsKept = TimeSpan.FromSeconds(30);
    static readonly IReadOnlySet<ObjectId<Pin>> Nothing = new HashSet<ObjectId<Pin>>();

    /// <summary>
    /// Of at most <see cref="PinCounts.PinsMax"/> pins, each once. One round trip to each server, however many they
    /// are; for nobody from the cache, at most <see cref="VisitorsCountsKept"/> old.
    /// </summary>
    /// <exception cref="PinfoldException">As <see cref="PinCounts.OfAsync"/>.</exception>
    public async Task<CardResponses> ReadAsync(
        Viewer viewer, IReadOnlyList<ObjectId<Pin>> pins, CancellationToken cancellation)
    {
        if (pins.Count == 0)
            return new CardResponses([], Nothing);
        if (!viewer.IsSignedIn)
            return new CardResponses(await CountsForVisitorsAsync(pins, cancellation), Nothing);
        var read = store.Read();
        var liked = read.Entries(UserLikesPin, viewer.User, pins);
        var answers = pins.Select(pin => PinCounts.Ask(read, pin)).ToList();
        await read.ExecuteAsync(cancellation);
        var own = liked.Value.Select(e => e.To).ToHashSet();
        return new CardResponses(
            [.. answers.Select((count, at) => WithOwn(count(), own.Contains(pins[at])))], own);
    }

    /// <summary>The viewer's own like counts at once, though the pin's list has it a moment later.</summary>
    static PinCount WithOwn(PinCount count, bool isLiked) =>
        isLiked && count.Likes == 0 ? count with { Likes = 1 } : count;

    async Task<PinCount[]> CountsForVisitorsAsync(
        IReadOnlyList<ObjectId<Pin>> pins, CancellationToken cancellation)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', pins)));
        return (await store.CachedAsync(
            $"v1:counts:{Convert.ToHexStringLower(hash.AsSpan(0, 16))}", VisitorsCountsKept,
            CardJson.Default.PinCountArray, async token =>
            {
                var read = await counts.OfAsync(pins, token);
                return pins.Select(pin => read[pin]).ToArray();
            }, cancellation))!;
    }
}

/// <summary>As it lies in the cache.</summary>
[JsonSerializable(typeof(PinCount[]))]
sealed partial class CardJson : JsonSerializerContext;
