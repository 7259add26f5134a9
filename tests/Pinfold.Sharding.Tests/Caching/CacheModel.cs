using System.Globalization;
using Pinfold.Sharding.Caching;
using Shouldly;

namespace Pinfold.Sharding.Tests.Caching;

/// <summary>A cache as a dictionary: a key is absent, leased, or has a value. Each step is done on both.</summary>
sealed class CacheModel(ICache cache, string prefix)
{
    readonly Dictionary<string, (ulong Lease, string? Value)> _entries = [];
    readonly Dictionary<string, List<ulong>> _leases = [];

    public async Task RunAsync(IEnumerable<(int Verb, int Key, int Choice)> steps)
    {
        var number = 0;
        foreach (var (verb, keyNumber, choice) in steps)
        {
            var key = $"{prefix}{keyNumber}";
            var value = (number++).ToString(CultureInfo.InvariantCulture);
            switch (verb)
            {
                case 0:
                    await ReadAsync(key);
                    break;
                case 1:
                    await FillAsync(key, choice, value);
                    break;
                case 2:
                    await GiveBackAsync(key, choice);
                    break;
                default:
                    await cache.InvalidateAsync(key);
                    _entries.Remove(key);
                    break;
            }
        }
    }

    async Task ReadAsync(string key)
    {
        var read = await cache.ReadAsync(key);
        if (!_entries.TryGetValue(key, out var entry))
        {
            read.State.ShouldBe(CacheState.MissWithLease);
            _entries[key] = (read.Lease, null);
            (_leases.TryGetValue(key, out var leases) ? leases : _leases[key] = []).Add(read.Lease);
        }
        else if (entry.Value is null)
        {
            read.State.ShouldBe(CacheState.Pending);
        }
        else
        {
            (read.State, read.Text()).ShouldBe((CacheState.Hit, entry.Value));
        }
    }

    async Task FillAsync(string key, int choice, string value)
    {
        if (!_leases.TryGetValue(key, out var leases))
            return;
        var lease = leases[choice % leases.Count];
        await cache.FillAsync(key, lease, value);
        if (_entries.TryGetValue(key, out var entry) && entry == (lease, null))
            _entries[key] = (lease, value);
    }

    async Task GiveBackAsync(string key, int choice)
    {
        if (!_leases.TryGetValue(key, out var leases))
            return;
        var lease = leases[choice % leases.Count];
        await cache.FillAsync([new CacheFill(key, lease, default, TimeSpan.Zero)], CancellationToken.None);
        if (_entries.TryGetValue(key, out var entry) && entry == (lease, null))
            _entries.Remove(key);
    }
}
