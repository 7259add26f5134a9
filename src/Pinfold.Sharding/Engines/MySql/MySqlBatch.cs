using System.Text;
using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// SQL text with its positional parameters. Numbers stand in the text, a few bytes as hexadecimal; more are parameters.
/// </summary>
/// <param name="capacity">About how many characters it will have.</param>
/// <param name="bytesAreVariables">
/// Bytes stand in the text as <see cref="Variable"/>, which whoever sends it sets to the parameters.
/// </param>
sealed class MySqlBatch(int capacity = 512, bool bytesAreVariables = false)
{
    const int InlineBytesMax = 16;

    public StringBuilder Sql { get; } = new(capacity);

    public List<MySqlParameter> Parameters { get; } = [];

    /// <summary>
    /// Adds bytes: a transaction id or an empty body in the text, others as a parameter and its place in the text.
    /// </summary>
    public MySqlBatch Bytes(byte[] value)
    {
        if (value.Length <= InlineBytesMax)
        {
            Span<char> digits = stackalloc char[2 * InlineBytesMax];
            Convert.TryToHexString(value, digits, out var length);
            Sql.Append("x'").Append(digits[..length]).Append('\'');
            return this;
        }
        Sql.Append(bytesAreVariables ? Variable(Parameters.Count) : "?");
        Parameters.Add(new MySqlParameter { Value = value });
        return this;
    }

    /// <summary>The user variable for the parameter of this number.</summary>
    public static string Variable(int parameter) => $"@b{parameter}";

    /// <summary>Adds a list of numbers to compare with; of none, one that nothing is equal to.</summary>
    public void In<T>(IReadOnlyCollection<T> numbers) =>
        Sql.Append(" IN(").AppendJoin(',', numbers).Append(numbers.Count == 0 ? "NULL)" : ")");

    /// <summary>Adds whether a column is one of these shards, by their runs; of none, what is never so.</summary>
    public MySqlBatch InRuns(string column, IEnumerable<ShardId> shards)
    {
        var runs = ShardRuns.Of(shards);
        Sql.Append(runs.Count == 0 ? "(FALSE" : "(").AppendJoin(" OR ", runs.Select(run =>
            run.First == run.Last ? $"{column}={run.First}" : $"{column} BETWEEN {run.First} AND {run.Last}"))
            .Append(')');
        return this;
    }

    /// <summary>Adds a text, as a parameter.</summary>
    public MySqlBatch Text(string value)
    {
        Sql.Append('?');
        Parameters.Add(new MySqlParameter { Value = value });
        return this;
    }

    public MySqlCommand ToCommand(MySqlConnection connection, TimeSpan timeout)
    {
        var seconds = (int)Math.Ceiling(timeout.TotalSeconds);
        var command = new MySqlCommand(Sql.ToString(), connection) { CommandTimeout = seconds };
        foreach (var parameter in Parameters)
            command.Parameters.Add(parameter);
        return command;
    }
}
