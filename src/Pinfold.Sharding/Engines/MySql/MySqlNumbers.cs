namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// How the text of a commit writes the numbers that its shard hands out: back from the last ones, which the fence puts
/// into <c>@sN</c> and <c>@lN</c>.
/// </summary>
/// <param name="n">Numbers the user variables of this shard.</param>
/// <param name="transactions">How many transactions it has in the commit.</param>
/// <param name="newObjects">How many objects they make.</param>
readonly struct MySqlNumbers(int n, int transactions, int newObjects)
{
    /// <summary>The journal number of a transaction, by its place.</summary>
    public string Seq(int transaction) => Back("@s", transactions - 1 - transaction);

    /// <summary>The <paramref name="ordinal"/>-th local id of the commit; of 0, the last before it.</summary>
    public string Local(int ordinal) => Back("@l", newObjects - ordinal);

    /// <summary>An id, of a new object by the number of those that earlier transactions make.</summary>
    public string Id(IdOrNew id, int newBefore) =>
        id.IsNew ? $"{id.Offset + newBefore - newObjects}+@l{n}" : id.Id.ToString();

    string Back(string variable, int from) => from == 0 ? $"{variable}{n}" : $"{variable}{n}-{from}";
}
