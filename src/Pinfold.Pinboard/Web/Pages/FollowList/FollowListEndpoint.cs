using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Web.Pages.FollowList;

/// <summary>Who follows a person, whom they follow, and which boards.</summary>
static class FollowListEndpoint
{
    public static void MapFollowList(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users/{username}/followers", FollowersAsync);
        routes.MapGet("/users/{username}/following", FollowingAsync);
        routes.MapGet("/users/{username}/following/boards", BoardsAsync);
    }

    static async Task<IResult> FollowersAsync(
        string username, string? cursor, Caller caller, UserService users, FollowReader follows, FeedCursors cursors,
        HttpContext http, CancellationToken cancellation)
    {
        var person = await users.GetAsync(username, cancellation);
        var path = Routes.Followers(person.Body.Username);
        var page = await follows.FollowersAsync(person.Id, cursors.Open(cursor, path, isOwn: false), cancellation);
        return new PageResult(
            await PeopleAsync(FollowListKind.Followers, person, path, page, caller, follows, cursors, cancellation) with
            {
                Notice = Notices.Take(http),
            });
    }

    static async Task<IResult> FollowingAsync(
        string username, string? cursor, Caller caller, UserService users, FollowReader follows, FeedCursors cursors,
        HttpContext http, CancellationToken cancellation)
    {
        var person = await users.GetAsync(username, cancellation);
        var path = Routes.Following(person.Body.Username);
        var page = await follows.FollowingAsync(person.Id, cursors.Open(cursor, path, isOwn: false), cancellation);
        return new PageResult(
            await PeopleAsync(FollowListKind.People, person, path, page, caller, follows, cursors, cancellation) with
            {
                Notice = Notices.Take(http),
            });
    }

    static async Task<IResult> BoardsAsync(
        string username, string? cursor, Caller caller, UserService users, FollowReader follows, FeedCursors cursors,
        ShardedStore store, HttpContext http, CancellationToken cancellation)
    {
        var person = await users.GetAsync(username, cancellation);
        var path = Routes.FollowedBoards(person.Body.Username);
        var page = await follows.BoardsAsync(person.Id, cursors.Open(cursor, path, isOwn: false), cancellation);
        var view = await ViewAsync(FollowListKind.Boards, person, caller, follows, cancellation);
        return new PageResult(view with
        {
            Notice = Notices.Take(http),
            Boards = await CardsAsync(page.Items, store, cancellation),
            NextHref = cursors.NextHref(page.Next, path, isOwn: false),
        });
    }

    static async Task<FollowListView> PeopleAsync(
        FollowListKind kind, Stored<User> person, string path, FollowPage<User> page, Caller caller,
        FollowReader follows, FeedCursors cursors, CancellationToken cancellation)
    {
        var view = await ViewAsync(kind, person, caller, follows, cancellation);
        var followed = await follows.FollowsAsync(caller.Viewer, [.. page.Items.Select(u => u.Id)], cancellation);
        return view with
        {
            People = [.. page.Items.Select(u => CardOf(u, followed.Contains(u.Id), path, caller))],
            NextHref = cursors.NextHref(page.Next, path, isOwn: false),
        };
    }

    static async Task<FollowListView> ViewAsync(
        FollowListKind kind, Stored<User> person, Caller caller, FollowReader follows, CancellationToken cancellation)
    {
        var name = person.Body.DisplayName;
        return new FollowListView
        {
            Title = kind switch
            {
                FollowListKind.Followers => $"Followers of {name}",
                FollowListKind.People => $"People whom {name} follows",
                _ => $"Boards that {name} follows",
            },
            SignedIn = caller.Person,
            Kind = kind,
            Person = new Person(person.Body.Username, name),
            Counts = await follows.CountAsync(person.Id, cancellation),
        };
    }

    static PersonCard CardOf(Stored<User> user, bool isFollowed, string path, Caller caller)
    {
        var person = new Person(user.Body.Username, user.Body.DisplayName);
        return new PersonCard(person, FollowControl.OfPerson(caller, person, isFollowed, path));
    }

    /// <summary>As everybody sees them, whoever looks.</summary>
    static async Task<IReadOnlyList<BoardCard>> CardsAsync(
        IReadOnlyList<Stored<Board>> boards, ShardedStore store, CancellationToken cancellation)
    {
        var owners = (await store.FindManyAsync([.. boards.Select(b => b.Body.Owner).Distinct()], cancellation))
            .OfType<Stored<User>>().ToDictionary(u => u.Id, u => u.Body);
        var read = store.Read();
        var counts = boards.Select(b => read.Count(PinboardModel.BoardHasPublicPins, b.Id)).ToList();
        await read.ExecuteAsync(cancellation);
        return
        [
            .. boards.Zip(counts).Where(b => owners.ContainsKey(b.First.Body.Owner)).Select(b =>
            {
                var owner = owners[b.First.Body.Owner];
                return CardMaker.Of(owner.Username, b.First.Body, b.Second.Value) with { By = owner.DisplayName };
            }),
        ];
    }
}
