using System.Runtime.CompilerServices;

namespace Pinfold.Sharding.Store;

/// <summary>Whole lists, page by page as they are consumed.</summary>
public sealed partial class ShardedStore
{
    static readonly PageRequest ListPages = new(200);

    /// <summary>
    /// All entries of a list, in order; one round trip for each page, made when its first entry is asked for.
    /// </summary>
    /// <remarks>
    /// The list is not held still: what is put or removed behind or before the place that was reached is seen there or
    /// not at all. No entry comes twice unless its sequence was changed meanwhile.
    /// </remarks>
    /// <param name="mapping">Which list.</param>
    /// <param name="from">Whose.</param>
    /// <param name="pages">How many entries are read at once, from which end, between which bounds, after which cursor;
    /// null for 200, newest first, all.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PinfoldException">As <see cref="PageAsync"/>, while it is consumed.</exception>
    public async IAsyncEnumerable<Entry<TTo>> EntriesAsync<TFrom, TTo>(
        Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from, PageRequest? pages = null,
            [EnumeratorCancellation] CancellationToken cancellation = default)
        where TFrom : class
        where TTo : class
    {
        await foreach (var page in PagesAsync(mapping, from, pages, cancellation))
            foreach (var entry in page)
                yield return entry;
    }

    /// <summary>
    /// The objects of a list, in order; two round trips for each page: one for its entries, one to the cache or to each
    /// server concerned for the objects. Entries whose object is missing or deleted are passed over.
    /// </summary>
    /// <remarks>As <see cref="EntriesAsync"/>.</remarks>
    /// <param name="mapping">Which list.</param>
    /// <param name="from">Whose.</param>
    /// <param name="pages">As there.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PinfoldException">As <see cref="PageAsync"/> and <see cref="FindManyAsync"/>, while it is
    /// consumed.</exception>
    public async IAsyncEnumerable<Stored<TTo>> ObjectsAsync<TFrom, TTo>(
        Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from, PageRequest? pages = null,
            [EnumeratorCancellation] CancellationToken cancellation = default)
        where TFrom : class
        where TTo : class
    {
        await foreach (var page in PagesAsync(mapping, from, pages, cancellation))
            foreach (var found in await FindManyAsync([.. page.Select(entry => entry.To)], cancellation))
                if (found is not null)
                    yield return found;
    }

    /// <summary>Pages that are not empty, until there is no next.</summary>
    async IAsyncEnumerable<IReadOnlyList<Entry<TTo>>> PagesAsync<TFrom, TTo>(
        Mapping<TFrom, TTo> mapping, ObjectId<TFrom> from, PageRequest? pages,
            [EnumeratorCancellation] CancellationToken cancellation)
        where TFrom : class
        where TTo : class
    {
        for (var request = pages ?? ListPages; ;)
        {
            var page = await PageAsync(mapping, from, request, cancellation);
            if (page.Items.Count > 0)
                yield return page.Items;
            if (page.Next is null)
                yield break;
            request = request with { Cursor = page.Next };
        }
    }
}
