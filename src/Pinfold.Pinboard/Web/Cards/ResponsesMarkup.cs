using Pinfold.Pinboard.Web.Styles;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>How many have saved, liked and commented on a pin, with a heart to press.</summary>
static class ResponsesMarkup
{
    public static void Write(Markup html, PinCard card, CardPlace place)
    {
        var counts = card.Counts!;
        html.Write($"<div class=\"responses\">");
        if (counts.Repins > 0)
        {
            html.Write($"<span>{Icon.Save}<span>{Count.Number(counts.Repins)}</span>");
            html.Write($"<span class=\"unseen\"> {(counts.Repins == 1 ? "save" : "saves")}</span></span>");
        }
        if (counts.Comments > 0)
        {
            html.Write($"<span>{Icon.Talk}<span>{Count.Number(counts.Comments)}</span>");
            html.Write($"<span class=\"unseen\"> {(counts.Comments == 1 ? "comment" : "comments")}</span></span>");
        }
        WriteHeart(html, HeartButton.Of(card), place);
        html.Write($"</div>");
    }

    static void WriteHeart(Markup html, HeartButton heart, CardPlace place)
    {
        if (heart is { IsSignedIn: true, IsOwn: false })
        {
            html.Write($"<button class=\"heart\" type=\"submit\" form=\"hearts\" name=\"return\"");
            html.Write($" value=\"{place.Here}#pin-{heart.Id}\" formaction=\"{place.PathBase}{heart.Action}\"");
            html.Write($" aria-pressed=\"{heart.Pressed}\" data-heart=\"{heart.Id}\" data-count=\"{heart.Count}\">");
            html.Write($"{Icon.Heart}<span class=\"unseen\">Like {heart.Name} </span>");
            html.Write($"<span data-heart-count>{heart.Number}</span></button>");
        }
        else if (heart.Count > 0)
        {
            html.Write($"<span>{Icon.Heart}<span>{heart.Number}</span>");
            html.Write($"<span class=\"unseen\"> {(heart.Count == 1 ? "like" : "likes")}</span></span>");
        }
    }
}
