using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Finding;

/// <summary>What is like a pin: the same picture elsewhere, and pins of which much the same is said.</summary>
sealed class RelatedPins(ISearchEngine engine, VisiblePins visible)
{
    const int StemsMax = 25;
    const int SameMax = 6;
    const int LikeMax = 18;

    /// <summary>Two questions to the index, side by side.</summary>
    /// <exception cref="PinfoldException">Unavailable: the index, or a shard, does not answer.</exception>
    public async Task<(IReadOnlyList<ListedPin> Same, IReadOnlyList<ListedPin> Like)> FindAsync(
        Viewer viewer, Stored<Pin> pin, CancellationToken cancellation)
    {
        var picture = pin.Body.Picture is { State: PictureState.Ready } ready ? ready : null;
        var request = new RelatedRequest(
            pin.Id, StemsOf(pin.Body), [.. (pin.Body.Tags ?? []).Select(TagName.Find).OfType<TagName>()
                .Select(tag => tag.Key)], picture?.Hash, picture?.PerceptualHash ?? 0, viewer.User);
        var same = picture is null ? Task.FromResult<IReadOnlyList<ListedPin>>([])
            : FindAsync(viewer, request with { OfPictureOnly = true, Limit = SameMax * 2 }, cancellation);
        var like = request.Stems.Count + request.Tags.Count == 0 ? Task.FromResult<IReadOnlyList<ListedPin>>([])
            : FindAsync(viewer, request with { Limit = SameMax + LikeMax }, cancellation);
        await Task.WhenAll(same, like);
        var shown = (await same).Where(p => picture is not null && IsSame(picture, p.Pin.Picture)).Take(SameMax)
            .ToList();
        return (shown, [.. (await like).ExceptBy(shown.Select(p => p.Id), p => p.Id).Take(LikeMax)]);
    }

    async Task<IReadOnlyList<ListedPin>> FindAsync(
        Viewer viewer, RelatedRequest request, CancellationToken cancellation) => await visible.FindAsync(
            viewer, [.. (await engine.Index.FindRelatedAsync(request, cancellation)).Select(Pin.Type.Id)],
            cancellation);

    static bool IsSame(PinPicture one, PinPicture? other) => other is { State: PictureState.Ready }
        && (one.Hash == other.Hash || PictureBands.AreAlike(one.PerceptualHash, other.PerceptualHash));

    static List<string> StemsOf(Pin pin) => [.. WordSplitter.Split($"{pin.Title}\n{pin.Description}")
        .Where(word => !StopWords.Has(word.Form)).SelectMany(WordStems.Of).Distinct().Take(StemsMax)];
}
