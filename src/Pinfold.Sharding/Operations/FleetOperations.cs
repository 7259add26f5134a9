using System.Globalization;
using System.Security.Cryptography;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Operations;

/// <summary>
/// The long changes of a fleet: each a plan of named steps that is written down in the catalog, run by one process
/// under a lease, and gone on with by another when that one dies, from the step at which it was.
/// </summary>
/// <remarks>
/// Times are by the catalog's clock. A process that died keeps others from its operation for at most 15 seconds.
/// </remarks>
public sealed class FleetOperations
{
    /// <summary>None of which is taken for another.</summary>
    const string IdLetters = "abcdefghjkmnpqrstuvwxyz23456789";

    const int IdLength = 5;

    readonly ITopologySource _topology;
    readonly CatalogHome _home;
    readonly Dictionary<string, IOperationKind> _kinds;
    readonly TimeProvider _time;

    internal FleetOperations(
        ITopologySource topology, CatalogHome home, IEnumerable<IOperationKind> kinds, TimeProvider time)
    {
        (_topology, _home, _time) = (topology, home, time);
        _kinds = kinds.ToDictionary(kind => kind.Name, StringComparer.Ordinal);
    }

    /// <summary>Writes an operation down. Nothing of it is done before <see cref="RunAsync"/>.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="PinfoldException">
    /// Conflict: an operation that has not ended claims something of it. Invalid: this topology has no catalog.
    /// Unavailable: the catalog does not answer.
    /// </exception>
    public async Task<string> BeginAsync(OperationPlan plan, Authorship by, CancellationToken cancellation = default)
    {
        var ledger = await LedgerAsync(cancellation);
        var id = string.Create(CultureInfo.InvariantCulture,
            $"{plan.Kind}-{_time.GetUtcNow():yyyyMMdd-HHmm}-{RandomNumberGenerator.GetString(IdLetters, IdLength)}");
        await ledger.AddAsync(id, plan, by, cancellation);
        return id;
    }

    /// <summary>
    /// Runs an operation from where it stands: for the first time, after a pause or a failure, or in place of a process
    /// that died. One that was asked to be cancelled is undone.
    /// </summary>
    /// <param name="id">The operation.</param>
    /// <param name="progress">Told of each step, and of how far it is.</param>
    /// <param name="cancellation">Ends the run where it can be gone on with.</param>
    /// <returns>As it is when the run ends: done, cancelled, or paused.</returns>
    /// <exception cref="PinfoldException">
    /// A step failed, and why. Conflict: somebody else runs it, or it has ended. NotFound. Unavailable: the catalog
    /// does not answer.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was ended, and is paused.</exception>
    public async Task<OperationStatus> RunAsync(
        string id, IProgress<OperationStatus>? progress = null, CancellationToken cancellation = default)
    {
        var ledger = await LedgerAsync(cancellation);
        var found = await ledger.GetAsync(id, cancellation);
        if (!_kinds.TryGetValue(found.Kind, out var kind))
            throw new PinfoldException(ErrorKind.Invalid,
                $"Operation {id} is a {found.Kind}, which this program does not know: run it with a newer one.");
        var runner = RunnerName.New();
        var versions = new TopologyVersions(await _home.GetAsync(_topology.Current, cancellation));
        var run = new OperationRunner(ledger, versions, _topology, kind, id, runner, progress);
        await using var lease = await OperationLease.TakeAsync(ledger, id, runner, run.Ask, _time, cancellation);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lease.Lost);
        try
        {
            return await run.RunAsync(either.Token);
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested)
        {
            throw new PinfoldException(ErrorKind.Unavailable,
                $"The catalog did not answer for {OperationLease.Length.TotalSeconds} s, so operation {id} was left as "
                + $"it stands: somebody else may run it. \"pinfold operation resume {id}\" goes on.");
        }
    }

    /// <summary>Asks it to stop where it can be gone on with; whoever runs it hears of it within a second.</summary>
    /// <exception cref="PinfoldException">Conflict: it has ended. NotFound. Unavailable.</exception>
    public async Task PauseAsync(string id, CancellationToken cancellation = default) =>
        await (await LedgerAsync(cancellation)).AskAsync(id, OperationRequest.Pause, cancellation);

    /// <summary>
    /// Asks that what was done be undone. Whoever runs it does; if nobody does, <see cref="RunAsync"/> has to be
    /// called.
    /// </summary>
    /// <exception cref="PinfoldException">Conflict: it has ended. NotFound. Unavailable.</exception>
    public async Task CancelAsync(string id, CancellationToken cancellation = default) =>
        await (await LedgerAsync(cancellation)).AskAsync(id, OperationRequest.Cancel, cancellation);

    /// <summary>One with its steps.</summary>
    /// <exception cref="PinfoldException">NotFound: there is none. Unavailable.</exception>
    public async Task<OperationStatus> GetAsync(string id, CancellationToken cancellation = default) =>
        await (await LedgerAsync(cancellation)).GetAsync(id, cancellation);

    /// <summary>The newest first, without their steps.</summary>
    /// <param name="withEnded">Whether those that are done or cancelled are listed.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="PinfoldException">Unavailable: the catalog does not answer.</exception>
    public async Task<IReadOnlyList<OperationStatus>> ListAsync(
        bool withEnded, int limit = 100, CancellationToken cancellation = default) =>
        await (await LedgerAsync(cancellation)).ListAsync(withEnded, limit, cancellation);

    /// <summary>
    /// The shards that an operation which has not ended claims, and which: another one that would change them is
    /// refused.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: the catalog does not answer.</exception>
    public async Task<IReadOnlyDictionary<ShardId, string>> FindClaimedShardsAsync(
        CancellationToken cancellation = default)
    {
        const string shard = "shard ";
        return (await (await LedgerAsync(cancellation)).ReadClaimsAsync(cancellation))
            .Where(claim => claim.Thing.StartsWith(shard, StringComparison.Ordinal))
            .ToDictionary(
                claim => new ShardId(int.Parse(claim.Thing.AsSpan(shard.Length), CultureInfo.InvariantCulture)),
                claim => claim.Operation);
    }

    async ValueTask<OperationLedger> LedgerAsync(CancellationToken cancellation) =>
        new(await _home.GetAsync(_topology.Current, cancellation));
}
