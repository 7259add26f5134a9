using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Responses;

/// <summary>What a card says of its pin beside the pin itself.</summary>
readonly record struct CardResponses(PinCount Count, bool IsLiked);

/// <summary>Reads the counts of a page of pins, and which of them the viewer likes, for all of them at once.</summary>
sealed class CardReader(ShardedStore store, PinCounts counts)
{
    static readonly TimeSpan VisitorsCountsKept = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Of at most <see cref="PinCounts.PinsMax"/> pins. One round trip to each server, however many they are; for nobody
    /// from the cache, at most <see cref="VisitorsCountsKept"/> old.
    /// </summary>
    public async Task<IReadOnlyDictionary<ObjectId<Pin>, CardResponses>> ReadAsync(
        Viewer viewer, IReadOnlyList<ObjectId<Pin>> pins, CancellationToken cancellation)
    {
        if (pins.Count == 0)
            return new Dictionary<ObjectId<Pin>, CardResponses>();
        if (!viewer.IsSignedIn)
            return pins.Zip(await CountsForVisitorsAsync(pins, cancellation))
                .ToDictionary(p => p.First, p => new CardResponses(p.Second, false));
        var read = store.Read();
        var liked = read.Entries(UserLikesPin, viewer.User, pins);
        var answers = pins.Select(pin => (Pin: pin, Count: PinCounts.Ask(read, pin))).ToList();
        await read.ExecuteAsync(cancellation);
        var own = liked.Value.Select(e => e.To).ToHashSet();
        return answers.ToDictionary(a => a.Pin, a => Of(a.Count(), own.Contains(a.Pin)));
    }

    /// <summary>The viewer's own like counts at once, though the pin's list has it a moment later.</summary>
    static CardResponses Of(PinCount count, bool isLiked) =>
        new(isLiked && count.Likes == 0 ? count with { Likes = 1 } : count, isLiked);

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
