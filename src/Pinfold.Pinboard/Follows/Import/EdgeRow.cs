namespace Pinfold.Pinboard.Follows.Import;

/// <summary>A line of an edge list that is no comment.</summary>
/// <param name="Position">Its number in the file, from 1.</param>
/// <param name="Text">What stands in it, as far as it is shown.</param>
/// <param name="Words">Its words: two, if it is right.</param>
readonly record struct EdgeRow(long Position, string Text, IReadOnlyList<string> Words);
