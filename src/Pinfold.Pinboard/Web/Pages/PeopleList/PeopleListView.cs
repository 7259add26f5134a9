namespace Pinfold.Pinboard.Web.Pages.PeopleList;

/// <summary>Everybody, for administrators.</summary>
internal sealed record PeopleListView : PageView
{
    public required IReadOnlyList<PersonRow> People { get; init; }

    /// <summary>The user name or address that was looked for; null for everybody.</summary>
    public string? Asked { get; init; }

    /// <summary>Where the next ones are, or null.</summary>
    public string? NextHref { get; init; }
}

/// <summary>One person.</summary>
internal sealed record PersonRow(
    Person Person, string Email, bool IsAdministrator, bool IsDisabled, DateTimeOffset Joined, DateTimeOffset? Seen);
