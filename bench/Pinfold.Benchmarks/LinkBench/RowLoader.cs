using System.Text;
using MySqlConnector;

namespace Pinfold.Benchmarks.LinkBench;

/// <summary>Collects rows into large INSERT statements.</summary>
sealed class RowLoader(MySqlDataSource source, string tableAndColumns) : IAsyncDisposable
{
    const int CharactersMax = 1 << 20;
    readonly StringBuilder _sql = new(CharactersMax + 4096);

    public ValueTask AddAsync(FormattableString row)
    {
        _sql.Append(_sql.Length == 0 ? $"INSERT INTO {tableAndColumns} VALUES" : ",")
            .Append(FormattableString.Invariant(row));
        return _sql.Length < CharactersMax ? ValueTask.CompletedTask : SendAsync();
    }

    public ValueTask DisposeAsync() => _sql.Length == 0 ? ValueTask.CompletedTask : SendAsync();

    async ValueTask SendAsync()
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new MySqlCommand(_sql.ToString(), connection) { CommandTimeout = 300 };
        _sql.Clear();
        await command.ExecuteNonQueryAsync();
    }
}
