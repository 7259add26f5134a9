namespace Pinfold.Sharding;

/// <summary>
/// What is known of a mapping without its types: its number in the journal and its table in each shard.
/// </summary>
public abstract class Mapping
{
    /// <summary>An entry may carry this many bytes of its own.</summary>
    public const int EntryBodyBytesMax = 1024;

    private protected Mapping(int number, string table, ObjectType? from, ObjectType? to)
    {
        if (number is < 1 or > short.MaxValue)
            throw PinfoldException.Invalid(
                $"{number} is not a mapping: a mapping is a number from 1 to {short.MaxValue}.");
        Number = number;
        Table = Identifiers.Checked(table, "a mapping");
        FromType = from;
        ToType = to;
    }

    /// <summary>Unique in the model, for ever: cursors, counts and the journal carry it.</summary>
    public int Number { get; }

    /// <summary>Its table in each shard's database, <c>noun_verb_noun</c>.</summary>
    public string Table { get; }

    internal ObjectType? FromType { get; }

    internal ObjectType? ToType { get; }
}

/// <summary>
/// An ordered edge from a <typeparamref name="TFrom"/> to <typeparamref name="TTo"/>s: at most one entry per pair,
/// sorted by (sequence, to id), kept on the shard of the <em>from</em> id and counted exactly there. Its reverse is
/// another mapping.
/// </summary>
public sealed class Mapping<TFrom, TTo> : Mapping
    where TFrom : class, IObject<TFrom>
    where TTo : class, IObject<TTo>
{
    /// <summary>Declares a mapping.</summary>
    /// <param name="number">1 to 32767, unique in the model, for ever.</param>
    /// <param name="table">Lower case letters, digits and underscores, at most 40: <c>board_has_pins</c>.</param>
    public Mapping(int number, string table) : base(number, table, TFrom.Type, TTo.Type)
    {
    }
}
