using System.Net;
using System.Net.Sockets;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Dials the addresses of a host side by side: the next 250 ms after the one before, or at once when that failed. The
/// first that answers is taken, all others are given up. So an address that swallows packets costs 250 ms.
/// </summary>
/// <remarks>Happy Eyeballs, RFC 8305, sections 4 and 5.</remarks>
internal static class AddressRace
{
    public const int AddressesMax = 10;

    public static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// IPv6 and IPv4 in turn, beginning with the family that the system puts first; within a family as the system
    /// sorts (RFC 6724). At most ten.
    /// </summary>
    public static IReadOnlyList<IPAddress> InOrder(IReadOnlyList<IPAddress> addresses)
    {
        var families = addresses.GroupBy(address => address.AddressFamily).Select(family => family.ToList()).ToList();
        return [.. Enumerable.Range(0, families.Max(family => family.Count))
            .SelectMany(place => families.Where(family => place < family.Count).Select(family => family[place]))
            .Take(AddressesMax)];
    }

    /// <param name="endpoints">At least one; each is dialled at most once.</param>
    /// <param name="dial">Connects to one; cancelled when another was faster.</param>
    /// <param name="time">Of the waits.</param>
    /// <param name="cancellation">Gives all of them up.</param>
    /// <exception cref="SocketException">None can be reached; of the first.</exception>
    public static async Task<T> RunAsync<T>(
        IReadOnlyList<IPEndPoint> endpoints, Func<IPEndPoint, CancellationToken, Task<T>> dial, TimeProvider time,
        CancellationToken cancellation)
        where T : IDisposable
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new List<Task<T>>();
        SocketException? first = null;
        try
        {
            for (var next = 0; next < endpoints.Count || running.Count > 0;)
            {
                if (next < endpoints.Count)
                    running.Add(dial(endpoints[next++], over.Token));
                var wait = next < endpoints.Count ? AttemptDelay : Timeout.InfiniteTimeSpan;
                var ended = await Task.WhenAny([.. running, Task.Delay(wait, time, over.Token)]);
                cancellation.ThrowIfCancellationRequested();
                if (ended is not Task<T> attempt)
                    continue;
                running.Remove(attempt);
                try
                {
                    return await attempt;
                }
                catch (SocketException e)
                {
                    first ??= e;
                }
            }

            throw first!;
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(running.Select(GiveUpAsync));
        }
    }

    /// <summary>One that connected all the same is closed.</summary>
    static async Task GiveUpAsync<T>(Task<T> attempt) where T : IDisposable
    {
        try
        {
            (await attempt).Dispose();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
        }
    }
}
