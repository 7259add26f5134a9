namespace Pinfold.Sharding;

/// <summary>All that an application keeps in shards: its object types, its mappings and its kinds of names.</summary>
public sealed class ShardingModel
{
    readonly Dictionary<int, ObjectType> _types;
    readonly Dictionary<int, Mapping> _mappings;
    readonly Dictionary<Type, ObjectType> _byBody;

    /// <summary>Registers the declarations as a whole.</summary>
    /// <exception cref="PinfoldException">Invalid: a number or a name that is used twice; both are named.</exception>
    public ShardingModel(
        IReadOnlyList<ObjectType> types, IReadOnlyList<Mapping> mappings, IReadOnlyList<NameKind>? names = null)
    {
        Types = types;
        Mappings = mappings;
        Names = names ?? [];
        RefuseTwice(types.GroupBy(t => t.Number), n => $"object type number {n}", t => t.Name);
        RefuseTwice(mappings.GroupBy(m => m.Number), n => $"mapping number {n}", m => m.Name);
        RefuseTwice(Names.GroupBy(k => k.Number), n => $"name kind number {n}", k => k.Name);
        RefuseTwice(
            types.Select(t => (t.Name, What: $"type {t.Number}"))
                .Concat(mappings.Select(m => (m.Name, What: $"mapping {m.Number}"))).GroupBy(t => t.Name),
            name => $"name \"{name}\"", t => t.What);
        foreach (var mapping in mappings)
            foreach (var end in new[] { mapping.FromBody, mapping.ToBody })
                if (types.All(t => t.BodyType != end))
                    throw PinfoldException.Invalid(
                        $"Mapping {mapping.Name} speaks of {end.Name}, which is not among the object types; add it.");
        RefuseReversesAlone(mappings);
        _types = types.ToDictionary(t => t.Number);
        _mappings = mappings.ToDictionary(m => m.Number);
        Reverses = mappings.Where(m => m.ReverseOf is not null).ToDictionary(m => m.ReverseOf!.Number);
        _byBody = types.ToDictionary(t => t.BodyType);
    }

    /// <summary>The object types, as given.</summary>
    public IReadOnlyList<ObjectType> Types { get; }

    /// <summary>The mappings, as given.</summary>
    public IReadOnlyList<Mapping> Mappings { get; }

    /// <summary>The kinds of names, as given.</summary>
    public IReadOnlyList<NameKind> Names { get; }

    /// <summary>The mappings that the library keeps, by the number of the one that each is the reverse of.</summary>
    internal IReadOnlyDictionary<int, Mapping> Reverses { get; }

    /// <summary>The type of that number, or null.</summary>
    public ObjectType? FindType(int number) => _types.GetValueOrDefault(number);

    /// <summary>The mapping of that number, or null.</summary>
    public Mapping? FindMapping(int number) => _mappings.GetValueOrDefault(number);

    /// <summary>The type whose bodies are <typeparamref name="T"/>s.</summary>
    /// <exception cref="PinfoldException">Invalid: the model has none.</exception>
    public ObjectType<T> TypeOf<T>() where T : class =>
        _byBody.TryGetValue(typeof(T), out var type)
            ? (ObjectType<T>)type
            : throw PinfoldException.Invalid(
                $"No object type of this store's model has {typeof(T).Name} as its body: add its ObjectType there.");

    /// <exception cref="PinfoldException">Invalid: it is not declared in this model.</exception>
    internal void RefuseUnlessIn(Mapping mapping)
    {
        if (!ReferenceEquals(FindMapping(mapping.Number), mapping))
            throw PinfoldException.Invalid(
                $"{mapping.Name} is not among the mappings of this store's model: add it there, and declare it once, "
                + "as the same instance each time.");
    }

    static void RefuseReversesAlone(IReadOnlyList<Mapping> mappings)
    {
        foreach (var reverses in mappings.Where(m => m.ReverseOf is not null).GroupBy(m => m.ReverseOf!))
            if (!mappings.Contains(reverses.Key))
                throw PinfoldException.Invalid(
                    $"Mapping {reverses.First().Name} is the reverse of {reverses.Key.Name}, which is not among the "
                    + "mappings; add it.");
            else if (reverses.Count() > 1)
                throw PinfoldException.Invalid(
                    $"Mapping {reverses.Key.Name} has {reverses.Count()} reverses "
                    + $"({string.Join(", ", reverses.Select(r => r.Name))}); one is right.");
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
