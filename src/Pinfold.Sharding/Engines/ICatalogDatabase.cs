using System.Data.Common;

namespace Pinfold.Sharding.Engines;

/// <summary>
/// A small database of its own on a server, for what is kept once for all shards. It runs statements that both
/// engines understand as they are, with parameters <c>@p0</c>, <c>@p1</c>, ... in the order of the values.
/// </summary>
interface ICatalogDatabase
{
    /// <summary>Where it is, for a person.</summary>
    string Location { get; }

    /// <summary>
    /// Whether it may be written to for what nobody asked for: false where that would make it, beside shards that need
    /// none.
    /// </summary>
    bool IsMade { get; }

    /// <summary>What stands before the name of a table in a statement: its database and a point, or nothing.</summary>
    string Before { get; }

    /// <summary>Milliseconds since 1970 by the clock of this database: in SQL, for a statement.</summary>
    string NowMs { get; }

    /// <summary>
    /// Runs a query. Before the first <see cref="ChangeAsync"/> of anybody there are no tables: it answers no rows.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: it does not answer.</exception>
    ValueTask<IReadOnlyList<T>> QueryAsync<T>(
        string sql, IReadOnlyList<object?> values, Func<DbDataReader, T> read, CancellationToken cancellation);

    /// <summary>
    /// Runs statements in one transaction, whole or not at all; makes the tables first where they are missing.
    /// </summary>
    /// <returns>
    /// Null once all were done; else the first that found other rows than it has to, or a value that has to be unique
    /// and is there already: then nothing was changed.
    /// </returns>
    /// <exception cref="PinfoldException">Unavailable: it does not answer, and may have done it.</exception>
    ValueTask<int?> ChangeAsync(IReadOnlyList<CatalogStatement> statements, CancellationToken cancellation);
}

/// <summary>One statement of a change.</summary>
/// <param name="Sql">The text, for both engines.</param>
/// <param name="Values">Of its parameters: whole numbers, texts, bytes, or null.</param>
/// <param name="Rows">How many rows it has to change; null for any number.</param>
readonly record struct CatalogStatement(string Sql, IReadOnlyList<object?> Values, int? Rows = 1);
