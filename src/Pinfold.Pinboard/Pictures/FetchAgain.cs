using Pinfold.Pinboard.Fetching;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// When a picture that could not be fetched is looked for again by itself: after a minute, ten minutes and an hour, and
/// then no more. While there is no way out of here, which is no site's fault, once a day after that.
/// </summary>
static class FetchAgain
{
    static readonly TimeSpan[] Waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];
    static readonly TimeSpan WaitWithoutEnd = TimeSpan.FromDays(1);

    /// <summary>So much time is between those of a busy host, one after the other.</summary>
    static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    const int PlacesApart = 60;

    /// <summary>The picture after it could not be fetched.</summary>
    public static PinPicture After(PinPicture picture, ObjectId<Pin> pin, FetchException e, DateTimeOffset now)
    {
        // A busy host that was left alone refused nothing; all that wait for it do not come back at once.
        var isTry = e.WasAsked || e.Outlook != FetchOutlook.HostBusy;
        var wait = isTry
            ? Longer(WaitAfter(picture.FetchTries, e.Outlook), e.RetryAfter)
            : e.RetryAfter + (Apart * (pin.Local % PlacesApart));
        return picture with
        {
            State = PictureState.Failed,
            Problem = e.Message,
            FetchTries = picture.FetchTries + (isTry ? 1 : 0),
            FetchAgainAt = now + wait,
        };
    }

    /// <summary>Keeps the list of what is looked for again in step with a pin.</summary>
    public static void Change(Transaction transaction, ObjectId<Pin> id, PinPicture from, PinPicture? to)
    {
        if (from.FetchAgainAt == to?.FetchAgainAt)
            return;
        var list = Picture.FetchedLater(id.Shard);
        if (to?.FetchAgainAt is { } at)
            transaction.Put(PinsToFetchAgain, list, id, at.ToUnixTimeMilliseconds());
        else
            transaction.Remove(PinsToFetchAgain, list, id);
    }

    static TimeSpan? Longer(TimeSpan? wait, TimeSpan? asked) => asked > wait ? asked : wait;

    /// <summary>Null when it is given up.</summary>
    static TimeSpan? WaitAfter(int tries, FetchOutlook outlook) => outlook switch
    {
        FetchOutlook.Final => null,
        _ when tries < Waits.Length => Waits[tries],
        FetchOutlook.NoWayOut => WaitWithoutEnd,
        _ => null,
    };
}
