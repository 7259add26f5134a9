using System.Data.Common;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Tests.Operations;

/// <summary>
/// A catalog that is not heard of any more from one of its changes on, as for a process that was killed there.
/// </summary>
sealed class DyingCatalog(ICatalogDatabase inner) : ICatalogDatabase
{
    int _changes;
    int _dieAt = int.MaxValue;
    bool _isDone;

    public string Location => inner.Location;

    public bool IsMade => inner.IsMade;

    public string Before => inner.Before;

    public string NowMs => inner.NowMs;

    public int Changes => _changes;

    /// <summary>The process dies at that change from now, which is done, or is not.</summary>
    public void DieAt(int change, bool isDone) => (_changes, _dieAt, _isDone) = (0, change, isDone);

    public void Live() => (_changes, _dieAt) = (0, int.MaxValue);

    public ValueTask<IReadOnlyList<T>> QueryAsync<T>(
        string sql, IReadOnlyList<object?> values, Func<DbDataReader, T> read, CancellationToken cancellation) =>
        _changes >= _dieAt ? throw new DeadException() : inner.QueryAsync(sql, values, read, cancellation);

    public async ValueTask<int?> ChangeAsync(
        IReadOnlyList<CatalogStatement> statements, CancellationToken cancellation)
    {
        if (_changes >= _dieAt)
            throw new DeadException();
        var isLast = Interlocked.Increment(ref _changes) >= _dieAt;
        if (!isLast || _isDone)
        {
            var answer = await inner.ChangeAsync(statements, cancellation);
            if (!isLast)
                return answer;
        }
        throw new DeadException();
    }

    public sealed class DeadException() : Exception("This process was killed.");
}
