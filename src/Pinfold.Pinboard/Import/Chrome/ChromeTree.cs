using System.Text.Json;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.Chrome;

/// <summary>A folder or a bookmark in Chrome's file.</summary>
/// <param name="Ordinal">Counts the nodes from 0 in the order in which they begin.</param>
/// <param name="IsRoot">One of the browser's own top folders.</param>
sealed record ChromeNode(int Ordinal, bool IsRoot)
{
    public string? Name { get; set; }
    public string? Url { get; set; }
    public string? Type { get; set; }
    public string? DateAdded { get; set; }

    public bool IsFolder => Type is "folder" || (Type is null && Url is null);
}

/// <summary>
/// Finds the nodes in the tokens of Chrome's file: <c>roots</c> holds an object for each top folder, and a folder has
/// its nodes in <c>children</c>. Chrome writes <c>children</c> before <c>name</c>, so a node is known only where it
/// ends.
/// </summary>
sealed class ChromeTree(Action<ChromeNode> begins, Action<ChromeNode> ends)
{
    readonly Stack<Level> _levels = new();
    int _count;

    sealed class Level
    {
        public ChromeNode? Node { get; init; }
        public bool IsRoots { get; init; }
        public bool IsChildren { get; init; }
        public string? Property { get; set; }
    }

    /// <summary>How many top folders there are; 0 means that the file is something else.</summary>
    public int RootCount { get; private set; }

    public void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Push(NextNode());
                break;
            case JsonTokenType.StartArray:
                _levels.TryPeek(out var holder);
                _levels.Push(new Level { IsChildren = holder is { Node: not null, Property: "children" } });
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                if (_levels.Pop().Node is { } node)
                    ends(node);
                break;
            case JsonTokenType.PropertyName:
                _levels.Peek().Property = JsonTokens.Text(ref reader);
                break;
            case JsonTokenType.String when _levels.Peek() is { Node: { } owner } level:
                Keep(owner, level.Property, JsonTokens.Text(ref reader));
                break;
        }
    }

    void Push(ChromeNode? node)
    {
        var isRoots = node is null && _levels is { Count: 1 } && _levels.Peek().Property == "roots";
        _levels.Push(new Level { Node = node, IsRoots = isRoots });
        if (node is not null)
            begins(node);
    }

    ChromeNode? NextNode()
    {
        if (!_levels.TryPeek(out var holder) || !(holder.IsRoots || holder.IsChildren))
            return null;
        RootCount += holder.IsRoots ? 1 : 0;
        return new ChromeNode(_count++, holder.IsRoots);
    }

    static void Keep(ChromeNode node, string? property, string? value)
    {
        switch (property)
        {
            case "name":
                node.Name = value;
                break;
            case "url":
                node.Url = value;
                break;
            case "type":
                node.Type = value;
                break;
            case "date_added":
                node.DateAdded = value;
                break;
        }
    }
}
