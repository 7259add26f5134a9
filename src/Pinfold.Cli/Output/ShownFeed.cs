namespace Pinfold.Cli.Output;

/// <summary>A person's home feed as it is kept, and how that differs from what the shards imply.</summary>
sealed record ShownFeed(
    string Username, bool IsKept, int Pins, int Missing, int Excess, int MergedIn, IReadOnlyList<ShownFeedPin> Entries);

/// <summary>A pin in a feed.</summary>
sealed record ShownFeedPin(string Pin, DateTimeOffset At, string Author, string Board, string Title);

/// <summary>What <c>feed rebuild</c> did.</summary>
sealed record RebuiltFeedCounts(long Rebuilt, long Failed, long Idle);
