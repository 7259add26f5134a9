using Pinfold.Pinboard.Profiles;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>A person's pins: those of the cached first page, or a later page.</summary>
static class ProfileFeed
{
    public static async Task<Feed> ReadAsync(
        ProfilePage profile, string? cursor, string path, Caller caller, ProfileReader profiles,
            CancellationToken cancellation)
    {
        if (cursor is null)
            return CardMaker.Feed(profile.Pins, profile.Next, path, caller);
        var page = await profiles.PinsAsync(caller.Viewer, profile.UserId, cursor, cancellation);
        return CardMaker.Feed(page.Pins, page.Next, path, caller);
    }
}
