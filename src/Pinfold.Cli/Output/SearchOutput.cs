namespace Pinfold.Cli.Output;

/// <summary>A search index.</summary>
sealed record ListedIndex(
    string Engine, string Name, bool Serves, long Documents, int FilledShards, int Shards);

/// <summary>The index that a rebuild has made.</summary>
sealed record RebuiltIndex(string Index);

/// <summary>An index as it was compared with the shards.</summary>
sealed record VerifiedIndex(
    string Index, long Objects, IReadOnlyList<VerifiedObject> Differences, bool IsPutRight);

/// <summary>An object that was in the index otherwise.</summary>
sealed record VerifiedObject(long Id, string What);
