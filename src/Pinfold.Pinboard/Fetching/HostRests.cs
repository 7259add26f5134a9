using System.Collections.Concurrent;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Hosts that did not answer, or asked to be left alone, are left alone for a while: with a thousand addresses of one
/// that is down it is not asked a thousand times. Kept in the process.
/// </summary>
internal sealed class HostRests(TimeProvider time)
{
    const int HostsMax = 10_000;

    public static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Later = TimeSpan.FromMinutes(10);

    readonly ConcurrentDictionary<string, Rest> _rests = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the host answered last, if it is to be left alone now.</summary>
    public FetchException? Find(Uri url)
    {
        if (!_rests.TryGetValue(url.IdnHost, out var rest) || rest.Until - time.GetUtcNow() is var left
            && left <= TimeSpan.Zero)
            return null;
        return new FetchException(rest.Answer.Kind, rest.Answer.Message)
        {
            Outlook = rest.Answer.Outlook,
            RetryAfter = left,
            WasAsked = false,
        };
    }

    /// <summary>Takes note of a failure. One of an address shows that its host answers.</summary>
    public void Failed(Uri url, FetchException e)
    {
        if (e.Outlook is FetchOutlook.Final or FetchOutlook.AddressLater)
        {
            Answered(url);
            return;
        }

        if (_rests.Count >= HostsMax)
            _rests.Clear();
        var now = time.GetUtcNow();
        _rests.AddOrUpdate(url.IdnHost, _ => new Rest(e, now + Wait(First, e)), (_, before) =>
            // Of several that were under way when it began to fail, the first decides.
            before.Until > now ? before : new Rest(e, now + Wait(Later, e)));
    }

    public void Answered(Uri url) => _rests.TryRemove(url.IdnHost, out _);

    static TimeSpan Wait(TimeSpan usual, FetchException e) => e.RetryAfter > usual ? e.RetryAfter.Value : usual;

    sealed record Rest(FetchException Answer, DateTimeOffset Until);
}
