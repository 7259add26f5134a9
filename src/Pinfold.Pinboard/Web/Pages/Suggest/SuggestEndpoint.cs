using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Search.Finding;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.Suggest;

/// <summary>What is offered while somebody types: in the field of the header, and of tags in the form of a
/// pin.</summary>
static class SuggestEndpoint
{
    const int TagsMax = 8;

    public static void MapSuggest(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Suggest, SuggestAsync).RequireRateLimiting(RateLimits.Searches);
        routes.MapGet(Routes.SuggestTags, SuggestTagsAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Searches);
    }

    static async Task<IResult> SuggestAsync(
        string? q, Caller caller, SuggestionReader suggestions, HttpContext http, CancellationToken cancellation)
    {
        var found = await OrNothingAsync(suggestions.FindAsync(caller.Viewer, q, cancellation), Suggestions.None);
        var below = http.Request.PathBase.Value;
        return Json(
        [
            .. found.Tags.Select(tag => new Suggested("tag", $"#{tag}", null, below + Routes.Tag(tag))),
            .. found.Boards.Select(b => new Suggested(
                "board", b.Board.Body.Name, $"@{b.Owner.Username}",
                below + Routes.Board(b.Owner.Username, b.Board.Body.Slug))),
            .. found.People.Select(p => new Suggested(
                "person", p.DisplayName, $"@{p.Username}", below + Routes.Profile(p.Username))),
            .. found.Pins.Select(p => new Suggested("pin", p.Pin.Title, null, below + Routes.Pin($"{p.Id}"))),
        ]);
    }

    static async Task<IResult> SuggestTagsAsync(
        string? q, Caller caller, SuggestionReader suggestions, CancellationToken cancellation) =>
        Json([.. (await OrNothingAsync(
            suggestions.FindTagsAsync(caller.Viewer, q, TagsMax, cancellation), []))
            .Select(tag => new Suggested("tag", tag, null, null))]);

    /// <summary>Who types does without; it is no reason for an error.</summary>
    static async Task<T> OrNothingAsync<T>(Task<T> found, T nothing)
    {
        try
        {
            return await found;
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Unavailable or ErrorKind.DeadlineExceeded)
        {
            return nothing;
        }
    }

    static IResult Json(Suggested[] suggested) => Results.Json(suggested, SuggestedJson.Default.SuggestedArray);
}

/// <summary>One thing that may be meant. Without an address it is a word for the field.</summary>
sealed record Suggested(string Kind, string Text, string? Note, string? Href);

/// <summary>What a script of the page reads.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Suggested[]))]
sealed partial class SuggestedJson : JsonSerializerContext;
