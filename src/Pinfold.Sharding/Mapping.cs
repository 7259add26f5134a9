namespace Pinfold.Sharding;

/// <summary>
/// What is known of a mapping without its types: its number and its name.
/// </summary>
public abstract class Mapping
{
    /// <summary>An entry may carry this many bytes of its own.</summary>
    public const int EntryBodyBytesMax = 1024;

    private protected Mapping(int number, string name, Type from, Type to)
    {
        if (number is < 1 or > short.MaxValue)
            throw PinfoldException.Invalid(
                $"{number} is not a mapping: a mapping is a number from 1 to {short.MaxValue}.");
        Number = number;
        Name = Identifiers.Checked(name, "a mapping");
        FromBody = from;
        ToBody = to;
    }

    /// <summary>Unique in the model, for ever: entries, cursors and the journal carry it.</summary>
    public int Number { get; }

    /// <summary>
    /// What people and messages call it, <c>noun_verb_noun</c>. It may change, the number may not.
    /// </summary>
    public string Name { get; }

    internal Type FromBody { get; }

    internal Type ToBody { get; }
}

/// <summary>
/// An ordered edge from a <typeparamref name="TFrom"/> to <typeparamref name="TTo"/>s: at most one entry per pair,
/// sorted by (sequence, to id), kept on the shard of the <em>from</em> id and counted exactly there. Its reverse is
/// another mapping.
/// </summary>
public sealed class Mapping<TFrom, TTo> : Mapping
    where TFrom : class
    where TTo : class
{
    /// <summary>Declares a mapping.</summary>
    /// <param name="number">1 to 32767, unique in the model, for ever.</param>
    /// <param name="name">Lower case letters, digits and underscores, at most 40: <c>board_has_pins</c>.</param>
    public Mapping(int number, string name) : base(number, name, typeof(TFrom), typeof(TTo))
    {
    }
}
