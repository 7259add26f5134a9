using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>
/// Writes HTML: of <c>$"&lt;b title=\"{title}\"&gt;{name}&lt;/b&gt;"</c> the words stand as they are, and what is in
/// braces is encoded. Pages have dozens of cards, and this takes a tenth of what as many partial views do.
/// </summary>
/// <param name="Writer">Where it goes.</param>
/// <param name="Encoder">The page's.</param>
sealed record Markup(TextWriter Writer, HtmlEncoder Encoder)
{
#pragma warning disable CA1822 // The handler has written to this one.
    public void Write([InterpolatedStringHandlerArgument("")] Words words) => _ = words;
#pragma warning restore CA1822

    /// <summary>What the compiler makes of the words and the braces.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Words
    {
        readonly Markup _markup;

        public Words(int literalLength, int formattedCount, Markup markup)
        {
            _ = literalLength + formattedCount;
            _markup = markup;
        }

        public void AppendLiteral(string words) => _markup.Writer.Write(words);

        public void AppendFormatted(string? text)
        {
            if (text is not null)
                _markup.Encoder.Encode(_markup.Writer, text);
        }

        public void AppendFormatted(long number) =>
            _markup.Writer.Write(number.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(IHtmlContent content) => content.WriteTo(_markup.Writer, _markup.Encoder);
    }
}
