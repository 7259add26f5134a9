using System.Collections.Concurrent;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Images;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// The icons that pages name, for bookmarks whose page shows no picture. One is fetched, checked and kept as a picture
/// is, so that no reader's browser asks another site for it; pins of one site share the file.
/// </summary>
sealed class SiteIcons(
    UrlFetcher fetcher, PictureMaker maker, PictureUses uses, ImageFiles files, TimeProvider time)
{
    /// <summary>How many are remembered, so that a thousand bookmarks of a site do not ask for its icon each.</summary>
    const int RememberedMax = 1000;

    static readonly TimeSpan RememberedFor = TimeSpan.FromHours(1);

    readonly ConcurrentDictionary<Uri, Remembered> _remembered = [];

    /// <summary>The hash of a page's icon; null if it names none, or none that is of use.</summary>
    public async Task<string?> FindAsync(
        ObjectId<User> person, FetchedPage page, FollowerPause pause, CancellationToken cancellation)
    {
        if (page.Preview.Icons.Count == 0)
            return null;
        if (_remembered.Count >= RememberedMax)
            _remembered.Clear();
        var known = _remembered.GetOrAdd(page.Preview.Icons[0], _ => new Remembered());
        // Pages of one site that are read side by side ask for its icon one after the other, and only the first does.
        await pause.WaitAsync(known.Turn.WaitAsync);
        try
        {
            if (time.GetUtcNow() >= known.Until || !await IsThereAsync(known.Hash, cancellation))
            {
                known.Hash = await FetchAsync(person, page, pause, cancellation);
                known.Until = time.GetUtcNow() + RememberedFor;
            }
            return known.Hash;
        }
        finally
        {
            known.Turn.Release();
        }
    }

    /// <summary>Marked anew, so that it is not swept before the pin that is to have it is counted.</summary>
    async Task<bool> IsThereAsync(string? hash, CancellationToken cancellation)
    {
        if (hash is null)
            return true;
        await uses.MarkAsync(hash, cancellation);
        return files.FindRendition(ContentHash.Parse(hash), RenditionWidths.All[0]) is not null;
    }

    async Task<string?> FetchAsync(
        ObjectId<User> person, FetchedPage page, FollowerPause pause, CancellationToken cancellation)
    {
        try
        {
            using var found = await fetcher.FetchIconAsync(
                page, (body, token) => maker.TryOutAsync(person, body, pause, token), cancellation);
            return (await maker.KeepAsync(found.Incoming, found.Rendered, cancellation)).Hash;
        }
        catch (FetchException)
        {
            // A bookmark is one without an icon too.
            return null;
        }
    }

    /// <summary>An icon by its address; no hash where there was none.</summary>
    sealed class Remembered
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public string? Hash { get; set; }

        public DateTimeOffset Until { get; set; } = DateTimeOffset.MinValue;
    }
}
