namespace Pinfold.Sharding.Tests.Style;

/// <summary>One folder that uses another: where, and the word with which it does.</summary>
sealed record FolderUse(string From, string To, SourceFile File, int Offset, string Word)
{
    public override string ToString() => $"{From} uses {To} ({File.Path}:{File.LineOf(Offset)}: {Word})";
}

/// <summary>
/// Which folder of a project uses which, by what its files say: directives, qualified names, and the names of types and
/// extension methods of the namespaces around it, which C# finds without a directive.
/// </summary>
sealed class FolderGraph
{
    readonly List<FolderSource> _sources;
    readonly HashSet<string> _namespaces;
    readonly HashSet<(string Namespace, string Type)> _types;
    readonly HashSet<(string Namespace, string Method)> _extensions;
    readonly Dictionary<(string From, string To), FolderUse> _uses = [];

    public FolderGraph(IEnumerable<SourceFile> files)
    {
        _sources = [.. files.Select(file => new FolderSource(file))];
        _namespaces = [.. _sources.Select(s => s.Namespace)];
        _types = [.. _sources.SelectMany(s => s.Types.Select(type => (s.Namespace, type)))];
        _extensions = [.. _sources.SelectMany(s => s.ExtensionMethods.Select(method => (s.Namespace, method)))];
        foreach (var source in _sources)
            foreach (var (to, offset, word) in UsesOf(source))
                if (to != source.Namespace)
                    _uses.TryAdd((source.Namespace, to), new(source.Namespace, to, source.File, offset, word));
    }

    public IEnumerable<FolderUse> Uses => _uses.Values;

    /// <summary>The shortest way from a folder back to itself, the first by name of several; or empty.</summary>
    public IReadOnlyList<FolderUse> ShortestCircle() =>
        _namespaces.Order(StringComparer.Ordinal).Select(CircleFrom).Where(circle => circle.Count > 0)
            .MinBy(circle => circle.Count) ?? [];

    List<FolderUse> CircleFrom(string start)
    {
        var reachedBy = new Dictionary<string, FolderUse>();
        var waiting = new Queue<string>([start]);
        while (waiting.TryDequeue(out var at))
            foreach (var use in _uses.Values.Where(u => u.From == at).OrderBy(u => u.To, StringComparer.Ordinal))
                if (reachedBy.TryAdd(use.To, use))
                    waiting.Enqueue(use.To);
        var circle = new List<FolderUse>();
        for (var at = start; reachedBy.TryGetValue(at, out var use); at = use.From)
        {
            circle.Insert(0, use);
            if (use.From == start)
                break;
        }
        return circle;
    }

    IEnumerable<(string To, int Offset, string Word)> UsesOf(FolderSource source)
    {
        foreach (var (name, offset) in source.Imports)
            if (LongestNamespace(name) is { } imported)
                yield return (imported, offset, $"using {name}");
        foreach (var (name, offset) in source.Names)
            if (Resolve(source.Scopes, name) is { } found)
                yield return (found, offset, name);
        foreach (var (method, offset) in source.CalledMethods)
            if (source.Scopes.FirstOrDefault(scope => _extensions.Contains((scope, method))) is { } found)
                yield return (found, offset, method);
    }

    /// <summary>
    /// The namespace of the type that a name means, found as C# does: outwards, in each namespace first its types, then
    /// the namespaces in it.
    /// </summary>
    string? Resolve(IReadOnlyList<string> scopes, string name)
    {
        var parts = name.Split('.');
        foreach (var scope in scopes.Append(""))
        {
            if (_types.Contains((scope, parts[0])))
                return scope;
            var inner = Join(scope, parts[0]);
            if (parts.Length == 1 || !IsNamespace(inner))
                continue;
            var at = 1;
            while (at < parts.Length && IsNamespace(Join(inner, parts[at])))
                inner = Join(inner, parts[at++]);
            if (at < parts.Length && _types.Contains((inner, parts[at])))
                return inner;
        }
        return null;
    }

    string? LongestNamespace(string name)
    {
        for (; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('.'))])
            if (_namespaces.Contains(name))
                return name;
        return null;
    }

    bool IsNamespace(string name) =>
        _namespaces.Any(n => n == name || n.StartsWith(name + ".", StringComparison.Ordinal));

    static string Join(string scope, string part) => scope.Length == 0 ? part : $"{scope}.{part}";
}
