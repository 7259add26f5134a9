using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Pinfold.Pinboard.Search.Finding;
using Pinfold.Pinboard.Web.Styles;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>A pin as it lies in a grid, or as a row of a list.</summary>
/// <param name="Card">What it shows.</param>
/// <param name="Place">Where.</param>
/// <param name="Eager">As <see cref="PictureMarkup"/>.</param>
/// <param name="IsRow">Whether it is a row.</param>
sealed record PinMarkup(PinCard Card, CardPlace Place, string? Eager = null, bool IsRow = false) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        var html = new Markup(writer, encoder);
        html.Write($"<li class=\"{(IsRow ? Card.RowClasses : Card.Classes)}\" id=\"pin-{Card.Id}\"");
        if (Card.Own)
            html.Write($" data-own=\"\"");
        html.Write($"><a class=\"pin-link\" href=\"{Place.PathBase}{Routes.Pin(Card.Id)}\">");
        if (IsRow)
            WriteRow(html);
        else
            WriteCard(html);
        if (Card.HasResponses)
            ResponsesMarkup.Write(html, Card, Place);
        WriteSave(html);
        html.Write($"</li>\n");
    }

    void WriteCard(Markup html)
    {
        new PictureMarkup(Card, Place, Eager).Write(html);
        if (!Card.IsTile && !string.IsNullOrEmpty(Card.Title))
        {
            html.Write($"<span class=\"pin-title\">");
            WriteParts(html, Card.TitleParts, Card.Title);
            html.Write($"</span>");
        }
        html.Write($"</a>");
        if (Card.IsTile || (Card.Note is null && !Card.Secret))
            return;
        html.Write($"<p class=\"pin-note\">");
        if (Card.Secret)
            html.Write($"{Icon.Lock}<span class=\"unseen\">Secret. </span>");
        WriteParts(html, Card.NoteParts, Card.Note);
        html.Write($"</p>");
    }

    void WriteRow(Markup html)
    {
        html.Write($"<span class=\"thumb\">");
        if (Card is { IsTile: true, IconUrl: { } icon })
        {
            html.Write($"<span class=\"pin-picture row-icon\"><img src=\"{Place.PathBase}{icon}\" width=\"24\"");
            html.Write($" height=\"24\" alt=\"\" loading=\"lazy\" decoding=\"async\"></span>");
        }
        else
            new PictureMarkup(Card, Place, Silent: true).Write(html);
        html.Write($"</span><span class=\"row-words\"><span class=\"row-title\">{Card.Name}</span>");
        html.Write($"<span class=\"row-note\">");
        if (Card.Secret)
            html.Write($"{Icon.Lock}<span class=\"unseen\">Secret. </span>");
        html.Write($"{Card.Host}{(Card.Host is null || Card.Words is null ? "" : " · ")}{Card.Words}</span></span>");
        html.Write($"<time class=\"row-time\" datetime=\"{Card.At.ToString("O")}\">{Times.Day(Card.At)}</time></a>");
    }

    void WriteSave(Markup html)
    {
        html.Write($"<a class=\"pin-save\" rel=\"nofollow\" href=\"{Place.PathBase}{Routes.SavePin(Card.Id)}\"");
        if (Card.SignedIn)
            html.Write($" data-dialog=\"\"");
        html.Write($" data-save>{Icon.Save}<span class=\"pin-save-word\" data-save-word>Save</span>");
        html.Write($"<span class=\"unseen\"> {Card.Name}</span></a>");
    }

    /// <summary>With what was looked for marked.</summary>
    static void WriteParts(Markup html, IReadOnlyList<TextPart>? parts, string? whole)
    {
        if (parts is null)
            html.Write($"{whole}");
        else
            foreach (var part in parts)
                if (part.IsMarked)
                    html.Write($"<mark>{part.Text}</mark>");
                else
                    html.Write($"{part.Text}");
    }
}
