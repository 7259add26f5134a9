using System.Text.Json.Serialization;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Search.Finding;

/// <summary>What is like a pin: the same picture elsewhere, and pins of which much the same is said.</summary>
sealed class RelatedPins(ISearchEngine engine, ShardedStore store, VisiblePins visible)
{
    const int StemsMax = 25;
    const int SameMax = 6;
    const int LikeMax = 18;

    /// <summary>What visitors are shown is asked for so often at most; whether they may see it, each time.</summary>
    static readonly TimeSpan VisitorsKept = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Two questions to the index, side by side; for visitors mostly none. Then one round trip for what is not cached.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: the index, or a shard, does not answer.</exception>
    public async Task<(IReadOnlyList<ListedPin> Same, IReadOnlyList<ListedPin> Like)> FindAsync(
        Viewer viewer, Stored<Pin> pin, CancellationToken cancellation)
    {
        var found = viewer.IsSignedIn ? await AskAsync(viewer, pin, cancellation)
            : (await store.CachedAsync(
                $"v1:related:{pin.Id}", VisitorsKept, RelatedJson.Default.RelatedIds,
                async token => await AskAsync(viewer, pin, token), cancellation))!;
        var seen = (await visible.FindAsync(
            viewer, [.. found.Same.Concat(found.Like).Distinct().Select(ObjectId<Pin>.FromInt64)], cancellation))
            .ToDictionary(p => p.Id.Value.ToInt64());
        var same = found.Same.Where(id => seen.ContainsKey(id) && IsSame(pin.Body.Picture, seen[id].Pin.Picture))
            .Take(SameMax).ToList();
        return (
            [.. same.Select(id => seen[id])],
            [.. found.Like.Except(same).Where(seen.ContainsKey).Select(id => seen[id]).Take(LikeMax)]);
    }

    async Task<RelatedIds> AskAsync(Viewer viewer, Stored<Pin> pin, CancellationToken cancellation)
    {
        var picture = pin.Body.Picture is { State: PictureState.Ready } ready ? ready : null;
        var request = new RelatedRequest(
            pin.Id, StemsOf(pin.Body), [.. (pin.Body.Tags ?? []).Select(TagName.Find).OfType<TagName>()
                .Select(tag => tag.Key)], picture?.Hash, picture?.PerceptualHash ?? 0, viewer.User);
        var same = AskAsync(request with { OfPictureOnly = true, Limit = SameMax * 2 }, picture is not null);
        var like = AskAsync(
            request with { Limit = SameMax + LikeMax }, request.Stems.Count + request.Tags.Count > 0);
        await Task.WhenAll(same, like);
        return new RelatedIds(await same, await like);

        async Task<IReadOnlyList<long>> AskAsync(RelatedRequest asked, bool isAsked) => !isAsked ? []
            : [.. (await engine.Index.FindRelatedAsync(asked, cancellation)).Select(id => id.ToInt64())];
    }

    static bool IsSame(PinPicture? one, PinPicture? other) =>
        one is { State: PictureState.Ready } && other is { State: PictureState.Ready }
        && (one.Hash == other.Hash || PictureBands.AreAlike(one.PerceptualHash, other.PerceptualHash));

    static List<string> StemsOf(Pin pin) => [.. WordSplitter.Split($"{pin.Title}\n{pin.Description}")
        .Where(word => !StopWords.Has(word.Form)).SelectMany(WordStems.Of).Distinct().Take(StemsMax)];
}

/// <summary>Pins as the index gives them, best first.</summary>
sealed record RelatedIds(IReadOnlyList<long> Same, IReadOnlyList<long> Like);

/// <summary>As they lie in the cache.</summary>
[JsonSerializable(typeof(RelatedIds))]
sealed partial class RelatedJson : JsonSerializerContext;
