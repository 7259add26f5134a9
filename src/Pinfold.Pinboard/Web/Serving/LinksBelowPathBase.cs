using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// Puts the path base before each address of this site on a page. Views and their records name addresses as
/// <c>Routes</c> makes them; what begins with anything but one slash is left alone.
/// </summary>
/// <remarks>Public because Razor finds no other tag helpers.</remarks>
[HtmlTargetElement("a", Attributes = "href")]
[HtmlTargetElement("link", Attributes = "href", TagStructure = TagStructure.WithoutEndTag)]
[HtmlTargetElement("form", Attributes = "action")]
[HtmlTargetElement("button", Attributes = "formaction")]
[HtmlTargetElement("input", Attributes = "data-suggest", TagStructure = TagStructure.WithoutEndTag)]
[HtmlTargetElement("img", Attributes = "src", TagStructure = TagStructure.WithoutEndTag)]
[HtmlTargetElement("source", Attributes = "srcset", TagStructure = TagStructure.WithoutEndTag)]
[HtmlTargetElement("script", Attributes = "src")]
public sealed class LinksBelowPathBase : TagHelper
{
    static readonly string[] Addresses =
        ["href", "action", "src", "data-preview", "data-suggest", "data-events", "formaction"];

    /// <summary>The view that is rendered; Razor fills it in.</summary>
    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (ViewContext.HttpContext.Request.PathBase is not { HasValue: true, Value: { } pathBase })
            return;
        foreach (var name in Addresses)
            if (TextOf(output, name) is ['/', not '/', ..] or "/")
                output.Attributes.SetAttribute(name, pathBase + TextOf(output, name));
        if (TextOf(output, "srcset") is { } sources)
            output.Attributes.SetAttribute("srcset", string.Join(", ", sources.Split(", ").Select(s => pathBase + s)));
    }

    static string? TextOf(TagHelperOutput output, string name) =>
        output.Attributes.TryGetAttribute(name, out var attribute) ? attribute.Value switch
        {
            string text => text,
            HtmlString html => System.Net.WebUtility.HtmlDecode(html.Value),
            IHtmlContent content => Decoded(content),
            var other => other?.ToString(),
        } : null;

    static string Decoded(IHtmlContent content)
    {
        using var writer = new StringWriter();
        content.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        return System.Net.WebUtility.HtmlDecode(writer.ToString());
    }
}
