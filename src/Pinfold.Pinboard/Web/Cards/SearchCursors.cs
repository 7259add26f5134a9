using System.Globalization;
using Pinfold.Pinboard.Search.Finding;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>Places in what a search found, as they stand in addresses; sealed as <see cref="FeedCursors"/>.</summary>
sealed class SearchCursors(FeedCursors cursors)
{
    /// <summary>The address of the part at that place; null for none.</summary>
    public string? Seal(SearchPlace? place, string path) => place is { } next
        ? cursors.Address(string.Create(
            CultureInfo.InvariantCulture, $"{next.Offset} {next.At.ToUnixTimeMilliseconds()}"), path, isOwn: false)
        : null;

    /// <summary>The place that was sealed; null for the first.</summary>
    /// <exception cref="Pinfold.Sharding.PinfoldException">As <see cref="FeedCursors.Open"/>.</exception>
    public SearchPlace? Open(string? cursor, string path)
    {
        if (cursors.Open(cursor, path, isOwn: false)?.Split(' ') is not [var offset, var at])
            return null;
        return new SearchPlace(
            int.Parse(offset, CultureInfo.InvariantCulture),
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)));
    }
}
