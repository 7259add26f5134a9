namespace Pinfold.Pinboard.Search.Solr;

/// <summary>How long Solr may take.</summary>
sealed record SolrTimeouts
{
    /// <summary>Somebody waits for the page.</summary>
    public TimeSpan Question { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Some hundred documents.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Making an index, on every node of a cloud.</summary>
    public TimeSpan Setup { get; init; } = TimeSpan.FromMinutes(3);
}

/// <summary>What Solr is asked, by how long that may take; each has an HTTP client of its name.</summary>
enum SolrWork
{
    Question,
    Write,
    Setup,
}
