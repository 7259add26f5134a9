namespace Pinfold.Sharding;

/// <summary>All that an application keeps in shards: its object types, its mappings and its kinds of names.</summary>
public sealed class ShardingModel
{
    readonly Dictionary<int, ObjectType> _types;
    readonly Dictionary<int, Mapping> _mappings;

    /// <summary>Registers the declarations as a whole.</summary>
    /// <exception cref="PinfoldException">Invalid: a number or a table that is used twice; both are named.</exception>
    public ShardingModel(
        IReadOnlyList<ObjectType> types, IReadOnlyList<Mapping> mappings, IReadOnlyList<NameKind>? names = null)
    {
        Types = types;
        Mappings = mappings;
        Names = names ?? [];
        RefuseTwice(types.GroupBy(t => t.Number), n => $"object type number {n}", t => t.Table);
        RefuseTwice(mappings.GroupBy(m => m.Number), n => $"mapping number {n}", m => m.Table);
        RefuseTwice(Names.GroupBy(k => k.Number), n => $"name kind number {n}", k => k.Name);
        RefuseTwice(
            types.Select(t => (t.Table, What: $"type {t.Number}"))
                .Concat(mappings.Select(m => (m.Table, What: $"mapping {m.Number}"))).GroupBy(t => t.Table),
            table => $"table \"{table}\"", t => t.What);
        foreach (var mapping in mappings)
            foreach (var end in new[] { mapping.FromType, mapping.ToType })
                if (end is not null && !types.Contains(end))
                    throw PinfoldException.Invalid(
                        $"Mapping {mapping.Table} speaks of {end.Table}, which is not among the object types; add it.");
        _types = types.ToDictionary(t => t.Number);
        _mappings = mappings.ToDictionary(m => m.Number);
    }

    /// <summary>The object types, as given.</summary>
    public IReadOnlyList<ObjectType> Types { get; }

    /// <summary>The mappings, as given.</summary>
    public IReadOnlyList<Mapping> Mappings { get; }

    /// <summary>The kinds of names, as given.</summary>
    public IReadOnlyList<NameKind> Names { get; }

    /// <summary>The type of that number, or null.</summary>
    public ObjectType? FindType(int number) => _types.GetValueOrDefault(number);

    /// <summary>The mapping of that number, or null.</summary>
    public Mapping? FindMapping(int number) => _mappings.GetValueOrDefault(number);

    /// <exception cref="PinfoldException">Invalid: no shard has a table for it.</exception>
    internal void RefuseUnlessIn(ObjectType type)
    {
        if (!ReferenceEquals(FindType(type.Number), type))
            throw PinfoldException.Invalid(
                $"{type.Table} is not among the object types of this store's model: add it there, and declare it once, "
                + "as the same instance each time.");
    }

    /// <inheritdoc cref="RefuseUnlessIn(ObjectType)"/>
    internal void RefuseUnlessIn(Mapping mapping)
    {
        if (!ReferenceEquals(FindMapping(mapping.Number), mapping))
            throw PinfoldException.Invalid(
                $"{mapping.Table} is not among the mappings of this store's model: add it there, and declare it once, "
                + "as the same instance each time.");
    }

    static void RefuseTwice<TKey, T>(
        IEnumerable<IGrouping<TKey, T>> groups, Func<TKey, string> what, Func<T, string> name)
    {
        foreach (var group in groups)
            if (group.Count() > 1)
                throw PinfoldException.Invalid(
                    $"{what(group.Key)} is declared {group.Count()} times " +
                    $"({string.Join(", ", group.Select(name))}); each needs its own.");
    }
}

/// <summary>A kind of value that is unique over all shards, such as user names.</summary>
/// <param name="Number">1 to 255, unique in the model, for ever.</param>
/// <param name="Name">What people call it, for messages: "user name".</param>
public sealed record NameKind(byte Number, string Name);
