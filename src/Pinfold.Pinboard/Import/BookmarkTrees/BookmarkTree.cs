using System.Collections.Frozen;
using System.Text.Json;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.BookmarkTrees;

/// <summary>
/// Finds the nodes in the tokens of a browser's JSON: a folder has its own in <c>children</c>. What a node says may
/// stand after them (Chrome writes <c>children</c> before <c>name</c>), so it is known only where it ends.
/// </summary>
/// <param name="rootsProperty"> The property of the outermost object that holds an object for each top folder; null if
/// that object is a node itself.
/// </param>
/// <param name="wanted">The properties that are kept of a node.</param>
/// <param name="begins">A node begins; those within it follow.</param>
/// <param name="ends">A node ends, and is whole.</param>
sealed class BookmarkTree(
    string? rootsProperty, FrozenSet<string> wanted, Action<BookmarkNode> begins, Action<BookmarkNode> ends)
{
    readonly Stack<Level> _levels = new();
    int _count;
    int _depth;

    sealed class Level
    {
        public BookmarkNode? Node { get; init; }
        public bool IsRoots { get; init; }
        public bool IsChildren { get; init; }

        /// <summary>In an array of remarks about this node: objects with a name and a value.</summary>
        public BookmarkNode? Annotated { get; init; }

        public string? Property { get; set; }
        public string? Name { get; set; }
        public string? Value { get; set; }
    }

    /// <summary>How many nodes stand at the top; 0 means that the file is something else.</summary>
    public int RootCount { get; private set; }

    public void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Push();
                break;
            case JsonTokenType.StartArray:
                _levels.TryPeek(out var holder);
                _levels.Push(new Level
                {
                    IsChildren = holder is { Node: not null, Property: "children" },
                    Annotated = holder is { Node: { } owner, Property: "annos" } ? owner : null,
                });
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                Pop();
                break;
            case JsonTokenType.PropertyName:
                _levels.Peek().Property = JsonTokens.Text(ref reader);
                break;
            case var _ when _levels.TryPeek(out var level) && level.Property is { } property:
                Keep(level, property, JsonTokens.Text(ref reader));
                break;
        }
    }

    void Push()
    {
        _levels.TryPeek(out var holder);
        var isRoots = rootsProperty is not null && _levels.Count == 1 && holder!.Property == rootsProperty;
        var isRoot = holder is null ? rootsProperty is null : holder.IsRoots;
        var node = isRoot || holder?.IsChildren == true ? new BookmarkNode(_count++, _depth) : null;
        RootCount += isRoot ? 1 : 0;
        _levels.Push(new Level { Node = node, IsRoots = isRoots, Annotated = holder?.Annotated });
        if (node is null)
            return;
        _depth++;
        begins(node);
    }

    void Pop()
    {
        var level = _levels.Pop();
        if (level is { Annotated: { } annotated, Name: { } name } && wanted.Contains(name))
            annotated[name] = level.Value ?? "";
        if (level.Node is not { } node)
            return;
        _depth--;
        ends(node);
    }

    void Keep(Level level, string property, string? value)
    {
        if (level.Node is { } node && wanted.Contains(property))
            node[property] = value;
        else if (property == "name")
            level.Name = value;
        else if (property == "value")
            level.Value = value;
    }
}
