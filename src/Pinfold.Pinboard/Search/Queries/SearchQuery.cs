using Pinfold.Pinboard.Search.Words;

namespace Pinfold.Pinboard.Search.Queries;

/// <summary>What somebody is looking for, taken apart: nothing of it is anybody's syntax any more.</summary>
sealed record SearchQuery
{
    public static SearchQuery Everything { get; } = new();

    /// <summary>Of which most have to occur, in any order.</summary>
    public IReadOnlyList<Word> Words { get; init; } = [];

    /// <summary>Words that follow one another.</summary>
    public IReadOnlyList<IReadOnlyList<Word>> Phrases { get; init; } = [];

    /// <summary>Words, or phrases, that do not occur.</summary>
    public IReadOnlyList<IReadOnlyList<Word>> Excluded { get; init; } = [];

    /// <summary>By their keys; all of them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> ExcludedTags { get; init; } = [];

    /// <summary>Whose pins and boards, by user name as it was typed; null for everybody's.</summary>
    public string? Username { get; init; }

    /// <summary>Words of the name of the board.</summary>
    public IReadOnlyList<Word> Board { get; init; } = [];

    /// <summary>Whether the last of <see cref="Words"/> may be the beginning of one.</summary>
    public bool IsLastWordOpen { get; init; }

    /// <summary>Whether there are words by which one thing fits better than another.</summary>
    public bool HasText => Words.Count > 0 || Phrases.Count > 0;

    public bool IsEmpty => !HasText && Tags.Count == 0 && Username is null && Board.Count == 0;
}
