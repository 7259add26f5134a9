namespace Pinfold.Sharding;

/// <summary>
/// What is known of a mapping without its types: its number and its name.
/// </summary>
public abstract class Mapping
{
    /// <summary>An entry may carry this many bytes of its own.</summary>
    public const int EntryBodyBytesMax = 1024;

    private protected Mapping(int number, string name, Type from, Type to, Mapping? reverseOf)
    {
        if (number is < 1 or > short.MaxValue)
            throw PinfoldException.Invalid(
                $"{number} is not a mapping: a mapping is a number from 1 to {short.MaxValue}.");
        Number = number;
        Name = Identifiers.Checked(name, "a mapping");
        if (reverseOf is { ReverseOf: { } forward })
            throw PinfoldException.Invalid(
                $"{name} cannot be the reverse of {reverseOf.Name}, which is that of {forward.Name} itself.");
        ReverseOf = reverseOf;
        FromBody = from;
        ToBody = to;
    }

    /// <summary>Unique in the model, for ever: entries, cursors and the journal carry it.</summary>
    public int Number { get; }

    /// <summary>
    /// What people and messages call it, <c>noun_verb_noun</c>. It may change, the number may not.
    /// </summary>
    public string Name { get; }

    /// <summary>
    /// The mapping whose entries this one has the other way round, kept by the library; null if an application keeps
    /// it.
    /// </summary>
    public Mapping? ReverseOf { get; }

    /// <summary>
    /// Whether its entries lead to objects. Off where an entry is all there is, and its end only tells it from others:
    /// then nothing is missing there.
    /// </summary>
    public bool LeadsToObjects { get; init; } = true;

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
    public Mapping(int number, string name) : this(number, name, null)
    {
    }

    Mapping(int number, string name, Mapping? reverseOf) : base(number, name, typeof(TFrom), typeof(TTo), reverseOf)
    {
    }

    /// <summary>
    /// Declares the reverse of this mapping, which the library keeps: an entry that is put or removed here is put or
    /// removed there, on the other end's shard, when the journal is followed (by the follower <c>reverses</c>). It is
    /// read and counted as any mapping, and written by nobody else. Its entries have the forward entry's sequence;
    /// their bodies are the library's.
    /// </summary>
    /// <inheritdoc cref="Mapping{TFrom, TTo}(int, string)"/>
    public Mapping<TTo, TFrom> Reverse(int number, string name) => new(number, name, this);
}
