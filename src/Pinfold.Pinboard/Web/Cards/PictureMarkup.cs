using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Pinfold.Pinboard.Web.Styles;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>The picture of a card, or what stands in its place.</summary>
/// <param name="Card">Whose.</param>
/// <param name="Place">Where it is shown.</param>
/// <param name="Eager">"high" or "auto" for what is seen at once; null to wait until it is scrolled to.</param>
/// <param name="Silent">Whether what it shows is said beside it.</param>
sealed record PictureMarkup(PinCard Card, CardPlace Place, string? Eager = null, bool Silent = false) : IHtmlContent
{
    /// <summary>The title stands beside the picture, so the picture need not say it again.</summary>
    string Alt => Silent ? ""
        : Card.Picture?.Alt is { Length: > 0 } said && said != Card.Title ? said
        : string.IsNullOrEmpty(Card.Title) ? Card.Name
        : "";

    public void WriteTo(TextWriter writer, HtmlEncoder encoder) => Write(new Markup(writer, encoder));

    public void Write(Markup html)
    {
        switch (Card.State)
        {
            case PictureStage.Ready when Card.Picture is { } picture:
                WritePicture(html, picture);
                break;
            case PictureStage.Waiting:
                html.Write($"<span class=\"pin-picture waiting\">{Icon.Clock}<span class=\"why\">Fetching the picture…</span></span>");
                break;
            case PictureStage.Failed:
                html.Write($"<span class=\"pin-picture failed\">{Icon.Alert}");
                html.Write($"<span class=\"why\">{Card.Failure ?? "The picture could not be had"}</span></span>");
                break;
            default:
                WriteTile(html);
                break;
        }
    }

    void WritePicture(Markup html, ShownPicture picture)
    {
        html.Write($"<span class=\"pin-picture {Palette.Nearest(picture.Colour)}\">");
        html.Write($"<img src=\"{Place.PathBase}{picture.Fallback}\" srcset=\"");
        for (var i = 0; i < picture.Sources.Count; i++)
        {
            var source = picture.Sources[i];
            html.Write($"{(i == 0 ? "" : ", ")}{Place.PathBase}{source.Url} {source.Width}w");
        }
        html.Write($"\" sizes=\"(min-width: 38rem) 18rem, 50vw\" width=\"{picture.Width}\" height=\"{picture.Height}\"");
        html.Write($" alt=\"{Alt}\" decoding=\"async\"");
        if (Eager is null)
            html.Write($" loading=\"lazy\"");
        else if (Eager == "high")
            html.Write($" fetchpriority=\"high\"");
        html.Write($">");
        if (picture.MovingUrl is not null)
            html.Write($"<span class=\"moves\">{Icon.Play}<span class=\"unseen\">Moves.</span></span>");
        html.Write($"</span>");
    }

    void WriteTile(Markup html)
    {
        var called = Card.Host ?? Card.Name;
        html.Write($"<span class=\"pin-picture tile {Palette.Hue(called)}\">");
        html.Write($"<span class=\"tile-letter\" aria-hidden=\"true\">{Initial.Of(called)}</span>");
        html.Write($"<span class=\"tile-host\">");
        if (Card.Secret)
            html.Write($"{Icon.Lock}<span class=\"unseen\">Secret. </span>");
        if (Card.IconUrl is not null)
        {
            html.Write($"<img class=\"tile-icon\" src=\"{Place.PathBase}{Card.IconUrl}\" width=\"20\" height=\"20\"");
            html.Write($" alt=\"\" loading=\"lazy\" decoding=\"async\">");
        }
        html.Write($"{Card.Host}</span><span class=\"tile-title\">{Card.Name}</span>");
        if (Card.Words is not null)
            html.Write($"<span class=\"tile-words\">{Card.Words}</span>");
        html.Write($"</span>");
    }
}
