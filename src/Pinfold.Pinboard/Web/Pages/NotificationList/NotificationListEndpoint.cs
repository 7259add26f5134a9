using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Notifications;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Pinboard.Web.Pages.NotificationList;

/// <summary>The page of notifications: who opens it has seen what was new.</summary>
static class NotificationListEndpoint
{
    public static void MapNotificationList(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.Notifications, ListAsync).RequireAuthorization();

    static async Task<IResult> ListAsync(
        string? cursor, Caller caller, NotificationReader notifications, FeedCursors cursors, HttpContext http,
        CancellationToken cancellation)
    {
        // Everybody's list has this address: a cursor of somebody else's is none of this one.
        var list = $"{Routes.Notifications} of {caller.UserId}";
        var opened = cursors.Open(cursor, list, isOwn: true);
        var page = await notifications.PageAsync(caller.Viewer, opened, cancellation);
        if (opened is null)
            http.Features.Set(http.Features.GetRequiredFeature<SignedIn>() with { Unread = 0 });
        return new PageResult(new NotificationListView
        {
            Title = "Notifications",
            SignedIn = caller.Person,
            Notice = Notices.Take(http),
            Lines = [.. page.Groups.Select(group => NotificationLine.Of(group, caller.Person!.Username))],
            NextHref = cursors.NextHref(page.Next, Routes.Notifications, isOwn: true, list),
            IsFirst = opened is null,
        });
    }
}
