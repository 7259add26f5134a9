using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Profiles;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>A person's pins: those of the cached first page, or a later page.</summary>
sealed class ProfileFeed(ProfileReader profiles, FeedCursors cursors, CardFiller filler)
{
    public async Task<Feed> ReadAsync(
        ProfilePage profile, string? cursor, string path, Caller caller, CancellationToken cancellation)
    {
        var isOwn = caller.Viewer.Is(profile.UserId);
        var feed = cursors.Open(cursor, path, isOwn) is { } opened
            ? cursors.Seal(
                await profiles.PinsAsync(caller.Viewer, profile.UserId, opened, cancellation), path, isOwn, caller)
            : First(profile, path, caller);
        return await filler.FillAsync(feed, caller, cancellation);
    }

    public Feed First(ProfilePage profile, string path, Caller caller) => cursors.Seal(
        new PinPage(profile.Pins, profile.Next), path, caller.Viewer.Is(profile.UserId), caller);
}
