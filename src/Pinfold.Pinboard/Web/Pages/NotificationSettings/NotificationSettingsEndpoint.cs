using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Notifications;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Pinboard.Web.Pages.NotificationSettings;

/// <summary>Switches what somebody is told of.</summary>
static class NotificationSettingsEndpoint
{
    public static void MapNotificationSettings(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.NotificationSwitches, ShowAsync).RequireAuthorization();
        routes.MapPost(Routes.NotificationSwitches, SetAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> ShowAsync(
        Caller caller, Notifications.NotificationSettings settings, HttpContext http,
        CancellationToken cancellation) =>
        new PageResult(new NotificationSettingsView
        {
            Title = "Notification settings",
            SignedIn = caller.Person,
            Notice = Notices.Take(http),
            Switches = await settings.ReadAsync(caller.UserId, cancellation),
        });

    static async Task<IResult> SetAsync(
        IFormCollection form, Caller caller, Notifications.NotificationSettings settings, HttpContext http,
        CancellationToken cancellation)
    {
        var names = form["on"].ToHashSet();
        await settings.SetAsync(
            caller.UserId,
            Enum.GetValues<NotificationSwitch>().Where(of => names.Contains(of.ToString())).ToHashSet(),
            cancellation);
        Notices.Say(http, "Saved.");
        return Results.LocalRedirect(Routes.NotificationSwitches);
    }
}
