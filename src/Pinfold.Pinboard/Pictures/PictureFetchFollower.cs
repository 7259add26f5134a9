using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Fetching;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// Fetches the pictures of what was pinned by address, or found on a page; what it receives,
/// <see cref="PictureFollower"/> makes. An address that cannot be fetched leaves its pin without a picture, and says
/// why and <see cref="FetchAgain">when it is tried again</see>.
/// </summary>
/// <remarks>
/// Each person's addresses are fetched as often as their budget has it, and wait without keeping others waiting, of
/// the same shard or another. What fails here (a shard, the disk) is no failure of an address: it is thrown, and the
/// transaction comes again.
/// </remarks>
sealed class PictureFetchFollower(
    PinPictures pins, UrlFetcher fetcher, HostRests rests, PersonalBudgets budgets, FetchPace pace, PictureMaker maker,
    SiteIcons icons, TimeProvider time)
    : IConcurrentFollower, IDisposable
{
    public const string FollowerName = "picture-fetches";

    /// <summary>So many at once, those of different people in turn.</summary>
    const int FetchesAtOnce = 32;

    /// <summary>Of one transaction; an import puts a hundred into one.</summary>
    const int OfATransactionAtOnce = 8;

    /// <summary>How many ask the databases at once before they wait for their turn.</summary>
    const int AskingMax = 32;

    /// <summary>While one person's thousands wait, the first holds the cursor. To look at a pin again costs little.
    /// </summary>
    const int AheadOfCursorMax = 20_000;

    readonly SemaphoreSlim _asking = new(AskingMax, AskingMax);
    readonly FairTurns _turns = new(FetchesAtOnce, waitingMax: 1_000_000);

    public string Name => FollowerName;

    public FollowerInterests Interests { get; } = new() { Types = [Pin.Type] };

    public int? CursorTransactionsMax => AheadOfCursorMax;

    public async ValueTask HandleAsync(
        JournalTransaction transaction, FollowerPause pause, CancellationToken cancellation)
    {
        var touched = transaction.Entries
            .Where(e => e.Kind is JournalEntryKind.Created or JournalEntryKind.Updated && e.Id.Type == Pin.Type.Number)
            .Select(e => Pin.Type.Id(e.Id));
        var failures = new ConcurrentQueue<Exception>();
        await Parallel.ForEachAsync(touched,
            new ParallelOptions { MaxDegreeOfParallelism = OfATransactionAtOnce, CancellationToken = cancellation },
            async (id, token) =>
            {
                try
                {
                    await FetchAsync(id, pause, token);
                }
                catch (Exception e) when (!token.IsCancellationRequested)
                {
                    // One that fails here keeps none of its transaction from being fetched.
                    failures.Enqueue(e);
                }
            });
        if (failures.TryPeek(out var first))
            ExceptionDispatchInfo.Throw(first);
    }

    public void Dispose() => _asking.Dispose();

    async Task FetchAsync(ObjectId<Pin> id, FollowerPause pause, CancellationToken cancellation)
    {
        if (await FindWaitingAsync(id, pause, cancellation) is not
            { Owner: var owner, Picture: { FetchFrom: { } address } })
            return;
        try
        {
            if (rests.Find(FetchUrl.Parse(address)) is { } resting)
                throw resting;
            var budget = await budgets.FindAsync(owner, cancellation);
            await pause.WaitAsync(token => pace.TakeAsync(owner, budget.FetchesPerMinute, token));
            using var found = await FetchInTurnAsync(id, owner, address, pause, cancellation);
            using var room = await budgets.TakeAsync(owner, new Usage(found.Incoming.Image.Bytes, 0), cancellation);
            var made = await maker.KeepAsync(found.Incoming, found.Rendered, cancellation);
            await ChangeAsync(
                id, address, (pin, picture) => pin with { Picture = made with { FetchFrom = picture.FetchFrom } },
                cancellation);
            room.Keep();
        }
        catch (FetchException e)
        {
            await ChangeAsync(id, address, (pin, picture) => pin with
            {
                Picture = FetchAgain.After(picture, id, e, time.GetUtcNow()),
            }, cancellation);
        }
        catch (BudgetException e)
        {
            await ChangeAsync(id, address, (pin, picture) => pin with
            {
                Picture = picture with { State = PictureState.Failed, Problem = e.Message },
            }, cancellation);
        }
    }

    async Task<Pin?> FindWaitingAsync(ObjectId<Pin> id, FollowerPause pause, CancellationToken cancellation)
    {
        await pause.WaitAsync(_asking.WaitAsync);
        try
        {
            return await pins.FindAsync(id, cancellation) is
            { Body: { Picture: { State: PictureState.Waiting, Hash: null } } pin } ? pin : null;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>An image that cannot be made yields to the next of its page.</summary>
    async Task<FoundImage> FetchInTurnAsync(
        ObjectId<Pin> id, ObjectId<User> owner, string address, FollowerPause pause, CancellationToken cancellation)
    {
        using var turn = await pause.WaitAsync(token => _turns.TakeAsync(owner, token));
        var page = await fetcher.FetchPageAsync(address, rests, cancellation);
        await ChangeAsync(id, address, (pin, _) => pin.Title.Length > 0 ? pin : pin with
        {
            Title = Text.Cut(Text.OneLine(page.Preview.Title), Pin.TitleLengthMax),
            Description = pin.Description ?? page.Preview.Description,
        }, cancellation);
        try
        {
            return await fetcher.FetchImageAsync(
                page, (body, token) => maker.TryOutAsync(owner, body, pause, token), cancellation);
        }
        catch (FetchException)
        {
            // For a bookmark that shows no picture, now or ever.
            if (await icons.FindAsync(owner, page, pause, cancellation) is { } icon)
                await ChangeAsync(id, address, (pin, _) => pin with { Icon = icon }, cancellation);
            throw;
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
