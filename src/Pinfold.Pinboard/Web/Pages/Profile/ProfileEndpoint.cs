using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Profiles;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Models;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Endpoints;

/// <summary>The front page, profiles, and finding people and boards by name.</summary>
static class ProfilePages
{
    public static void MapProfiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Home, HomeAsync);
        routes.MapGet(Routes.Search, SearchAsync);
        routes.MapGet("/{username}", ShowAsync);
    }

    static async Task<IResult> HomeAsync(
        string? cursor, Visitor visitor, ProfileReader profiles, HttpContext http, CancellationToken cancellation)
    {
        if (visitor.Shown is not { } shown)
            return new PageResult(new LandingView { Title = "Pinfold", Notice = Notices.Take(http) });
        if (await profiles.FindOwnAsync(visitor.Access, shown.Username, cancellation) is not { } own)
            throw new PinfoldException(ErrorKind.NotFound, "There is no such account any more.");
        return new PageResult(new HomeView
        {
            Title = "Home",
            Viewer = shown,
            Notice = Notices.Take(http),
            Boards = [.. own.Boards.Take(12).Select(b => Cards.Of(own.User.Username, b.Board, b.PinCount))],
            Feed = await FeedAsync(own, cursor, Routes.Home, visitor, profiles, cancellation),
        });
    }

    static async Task<IResult> ShowAsync(
        string username, string? cursor, Visitor visitor, ProfileReader profiles, HttpContext http,
            CancellationToken cancellation)
    {
        var isOwn = string.Equals(visitor.Shown?.Username, username, StringComparison.OrdinalIgnoreCase);
        var profile = isOwn
            ? await profiles.FindOwnAsync(visitor.Access, visitor.Shown!.Username, cancellation)
            : await profiles.FindAsync(visitor.Access, username, cancellation);
        if (profile is null)
            throw new PinfoldException(ErrorKind.NotFound, "There is nobody of that name.");
        if (profile.User.Username != username)
            return Results.LocalRedirect(Routes.Profile(profile.User.Username), permanent: true);
        var path = Routes.Profile(profile.User.Username);
        return new PageResult(new ProfileView
        {
            Title = profile.User.DisplayName,
            Viewer = visitor.Shown,
            Notice = Notices.Take(http),
            Social = SocialCards.Of(http, path, profile.User.DisplayName, profile.User.About,
                profile.Boards.Where(b => !b.Board.IsSecret).SelectMany(b => b.Board.Covers ?? []).ToList()),
            Person = new Person(profile.User.Username, profile.User.DisplayName),
            About = profile.User.About,
            BoardCount = profile.Boards.Count,
            PinCount = profile.PinCount ?? profile.Boards.Sum(b => b.PinCount),
            Boards = [.. profile.Boards.Select(b => Cards.Of(profile.User.Username, b.Board, b.PinCount))],
            Feed = await FeedAsync(profile, cursor, path, visitor, profiles, cancellation),
            Own = visitor.Access.Is(profile.UserId),
        });
    }

    static async Task<IResult> SearchAsync(
        string? q, Visitor visitor, UserService users, ProfileReader profiles, CancellationToken cancellation)
    {
        var words = Text.OneLine(q);
        var query = words.Length > 100 ? words[..100] : words;
        var found = query.Length == 0 ? null : await users.FindAsync(query.TrimStart('@'), cancellation);
        var own = visitor.Shown is { } shown
            ? await profiles.FindOwnAsync(visitor.Access, shown.Username, cancellation) : null;
        return new PageResult(new SearchView
        {
            Title = query.Length == 0 ? "Find" : query,
            Viewer = visitor.Shown,
            Query = query,
            People = found is null ? [] : [new Person(found.Body.Username, found.Body.DisplayName)],
            Boards = query.Length == 0 || own is null ? [] : [.. own.Boards
                .Where(b => b.Board.Name.Contains(query, StringComparison.OrdinalIgnoreCase))
                .Select(b => Cards.Of(own.User.Username, b.Board, b.PinCount))],
        });
    }

    static async Task<Feed> FeedAsync(
        ProfilePage profile, string? cursor, string path, Visitor visitor, ProfileReader profiles,
            CancellationToken cancellation)
    {
        if (cursor is null)
            return Cards.Feed(profile.Pins, profile.Next, path, visitor);
        var page = await profiles.PinsAsync(visitor.Access, profile.UserId, cursor, cancellation);
        return Cards.Feed(page.Pins, page.Next, path, visitor);
    }
}
