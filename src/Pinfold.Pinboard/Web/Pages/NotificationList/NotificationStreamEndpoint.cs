using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Notifications;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.NotificationList;

/// <summary>
/// Tells an open page what is new, as server-sent events (the HTML standard, 9.2). An event says how it is, not what
/// came: a page that was away, or that reconnects after a restart, has missed nothing once it has the next.
/// </summary>
sealed class NotificationStreamEndpoint(
    NotificationStreams streams, NotificationReader notifications, Sessions sessions, TimeProvider time)
{
    /// <summary>A proxy that hears nothing for 30 s ends the connection; some do so sooner.</summary>
    static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(12);

    /// <summary>How often it is looked whether the session goes on, and whether something was missed.</summary>
    static readonly TimeSpan LookPeriod = TimeSpan.FromMinutes(1);

    /// <summary>Then the browser connects anew, perhaps to another process.</summary>
    static readonly TimeSpan LifeMax = TimeSpan.FromHours(1);

    static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(2);

    public static void MapNotificationStream(IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.NotificationEvents, (
                [Microsoft.AspNetCore.Mvc.FromHeader(Name = "Last-Event-ID")] string? lastEventId, string? last,
                NotificationStreamEndpoint endpoint, HttpContext http) =>
                endpoint.RunAsync(lastEventId ?? last, http))
            .RequireRateLimiting(RateLimits.Streams)
            .WithMetadata(new ProducesResponseTypeMetadata(
                StatusCodes.Status200OK, typeof(void), ["text/event-stream"]));

    async Task RunAsync(string? last, HttpContext http)
    {
        var response = http.Response;
        if (http.Features.Get<SignedIn>() is not { } signedIn
            || SessionCookies.TicketOf(http.Request) is not { } ticket)
        {
            // The one answer that keeps a browser from asking again (the HTML standard, 9.2.3).
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        using var stream = streams.TryOpen(signedIn.User.Id, signedIn.Session.Id);
        if (stream is null)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        try
        {
            await SendAsync(http, string.Create(
                CultureInfo.InvariantCulture, $"retry: {(long)ReconnectAfter.TotalMilliseconds}\n\n"));
            await TellAsync(stream, ticket, signedIn, last, http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    async Task TellAsync(
        NotificationStream stream, SessionTicket ticket, SignedIn signedIn, string? said, HttpContext http)
    {
        var (begun, lookedAt) = (time.GetTimestamp(), time.GetTimestamp());
        for (var turn = StreamTurn.Woken; turn != StreamTurn.Ended && time.GetElapsedTime(begun) < LifeMax;
            turn = await stream.WaitAsync(SilenceMax, time, http.RequestAborted))
        {
            var isToLook = turn == StreamTurn.Woken || time.GetElapsedTime(lookedAt) >= LookPeriod;
            if (!isToLook)
            {
                await SendAsync(http, ":\n\n");
                continue;
            }
            lookedAt = time.GetTimestamp();
            try
            {
                if (await sessions.FindAsync(ticket, http.RequestAborted) is null)
                    return;
                var news = await notifications.NewsAsync(new(signedIn.User.Id), http.RequestAborted);
                await SendAsync(http, news.Version == said ? ":\n\n" : EventOf(news, signedIn.User.Body.Username));
                said = news.Version;
            }
            catch (PinfoldException e) when (e.IsTransient)
            {
                // A server does not answer; what is new is looked for again in a minute.
                await SendAsync(http, ":\n\n");
            }
        }
    }

    static string EventOf(News news, string username)
    {
        var told = new ToldNews(
            news.Unread, news.Newest is null ? null : NotificationLine.Of(news.Newest, username).Sentence);
        return $"id: {news.Version}\ndata: {JsonSerializer.Serialize(told, ToldNewsJson.Default.ToldNews)}\n\n";
    }

    static async Task SendAsync(HttpContext http, string text)
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}

/// <summary>What an event carries.</summary>
/// <param name="Unread">How many notifications are new.</param>
/// <param name="Text">The newest, as one sentence; null for none.</param>
sealed record ToldNews(long Unread, string? Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ToldNews))]
sealed partial class ToldNewsJson : JsonSerializerContext;
