using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Images;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// Fetches the pictures of what was pinned by address, or found on a page; what it receives,
/// <see cref="PictureFollower"/> makes. An address that cannot be fetched leaves its pin without a picture, and says
/// why.
/// </summary>
sealed class PictureFetchFollower(PinPictures pins, ImageFiles files, UrlFetcher fetcher) : IFollower
{
    const int FetchesAtOnce = 8;

    public string Name => "picture-fetches";

    public FollowerInterests Interests { get; } = new() { Types = [Pin.Type] };

    public int ShardsAtOnceMax => 4;

    public async ValueTask HandleAsync(JournalTransaction transaction, CancellationToken cancellation)
    {
        var touched = transaction.Entries
            .Where(e => e.Kind is JournalEntryKind.Created or JournalEntryKind.Updated && e.Id.Type == Pin.Type.Number)
            .Select(e => Pin.Type.Id(e.Id));
        await Parallel.ForEachAsync(touched,
            new ParallelOptions { MaxDegreeOfParallelism = FetchesAtOnce, CancellationToken = cancellation },
            async (id, token) => await FetchAsync(id, token));
    }

    async Task FetchAsync(ObjectId<Pin> id, CancellationToken cancellation)
    {
        if (await pins.FindAsync(id, cancellation) is not
            { Body.Picture: { State: PictureState.Waiting, Hash: null, FetchFrom: { } address } })
            return;
        try
        {
            var page = (await fetcher.FetchPageAsync(address, cancellation)).Preview;
            await ChangeAsync(id, address, (pin, _) => pin.Title.Length > 0 ? pin : pin with
            {
                Title = Text.Cut(Text.OneLine(page.Title), Pin.TitleLengthMax),
                Description = pin.Description ?? page.Description,
            }, cancellation);
            var source = page.Image
                ?? throw new PinfoldException(ErrorKind.NotFound, "The page there shows no picture of its own.");
            var image = await fetcher.FetchImageAsync(source.AbsoluteUri, files, cancellation);
            await ChangeAsync(id, address, (pin, picture) => pin with
            {
                Picture =
                    picture with
                    {
                        Hash = image.Hash.ToString(),
                        Width = image.Header.Width,
                        Height = image.Header.Height
                    },
            }, cancellation);
        }
        catch (PinfoldException e) when (e.Kind is not ErrorKind.OutcomeUnknown and not ErrorKind.Fenced)
        {
            // Not tried again by itself: a site that was down for a thousand bookmarks would be asked a thousand times.
            await ChangeAsync(id, address, (pin, picture) => pin with
            {
                Picture = picture with { State = PictureState.Failed, Problem = e.Message },
            }, cancellation);
        }
    }

    /// <summary>Only while the pin still waits for this address.</summary>
    Task ChangeAsync(
        ObjectId<Pin> id, string address, Func<Pin, PinPicture, Pin> change, CancellationToken cancellation) =>
        pins.UpdateAsync(id, (pin, picture) =>
            picture is { State: PictureState.Waiting, Hash: null } && picture.FetchFrom == address
                && change(pin, picture) is var changed && changed != pin
                ? changed
                : null, cancellation);
}
