using System.Net;

namespace Pinfold.Pinboard;

/// <summary>What a command or the service may change about how the pinboard runs.</summary>
sealed class PinboardSettings
{
    /// <summary>Whether this process follows the journal: pictures, names, caches.</summary>
    public bool FollowJournal { get; set; } = true;

    /// <summary>How much each person may keep, unless they were given a budget of their own.</summary>
    public Budget Budget { get; set; } = Budget.Default;

    /// <summary>Whether pictures may be fetched from the web for what was pinned by address.</summary>
    public bool FetchFromWeb { get; set; } = true;

    /// <summary>Balancers whose word about a client's address and scheme counts; nobody's unless named.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; set; } = [];

    /// <summary>
    /// Who may sign up on the pages; null: everybody until there is somebody, and then who is invited.
    /// </summary>
    public RegistrationMode? Registration { get; set; }

    /// <summary>The Solr that keeps the search index; none: it is in the data folder.</summary>
    public IReadOnlyList<SearchServer> SearchServers { get; set; } = [];

    /// <summary>Whether this process keeps the search index: it serves pages, and is there for long.</summary>
    public bool KeepSearchIndex { get; set; }

    /// <summary>
    /// How long an import that was handed in on a page works before others have their turn; it goes on after
    /// them. Zero: a row.
    /// </summary>
    public TimeSpan ImportTurn { get; set; } = TimeSpan.FromSeconds(5);
}
