using System.Globalization;

namespace Pinfold.Pinboard.Web.Styles;

/// <summary>The first letter of a name as a reader sees it: one text element, never half of a surrogate pair.</summary>
internal static class Initial
{
    public static string Of(string name) =>
        name.Length == 0 ? "·" : StringInfo.GetNextTextElement(name).ToUpperInvariant();
}
