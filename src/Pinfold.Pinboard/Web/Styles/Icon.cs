using Microsoft.AspNetCore.Html;

namespace Pinfold.Pinboard.Web.Styles;

/// <summary>The drawings used inside pages: 24 by 24, one stroke, in the colour of the text around them.</summary>
internal static class Icon
{
    public static readonly IHtmlContent Plus = Draw("M12 5v14M5 12h14");
    public static readonly IHtmlContent Find = Draw(
        "M16.5 16.5 21 21M18.5 11a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0Z");
    public static readonly IHtmlContent Home = Draw("M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4.5v-6h-5v6H5a1 1 0 0 1-1-1Z");
    public static readonly IHtmlContent Explore = Draw(
        "M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0ZM15.5 8.5 13.5 13.5 8.5 15.5 10.5 10.5Z");
    public static readonly IHtmlContent Bell = Draw(
        "M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5M4.5 16.5h15M10 19.5a2 2 0 0 0 4 0M12 5.5V3.8");
    public static readonly IHtmlContent Lock = Draw("M6.5 11h11v8.5h-11ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3");
    public static readonly IHtmlContent Out = Draw("M8 16 17 7M9.5 7H17v7.5");
    public static readonly IHtmlContent Edit = Draw("M4.5 19.5 5.5 15 16 4.5 19.5 8 9 18.5ZM13.5 7 17 10.5");
    public static readonly IHtmlContent Bin = Draw("M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7");
    public static readonly IHtmlContent Upload = Draw("M12 15.5V5M7.5 9 12 4.5 16.5 9M4.5 15v4.5h15V15");
    public static readonly IHtmlContent Import = Draw("M12 4.5V15M7.5 11 12 15.5 16.5 11M4.5 15v4.5h15V15");
    public static readonly IHtmlContent Boards = Draw(
        "M4.5 4.5h6.5v9H4.5ZM13.5 4.5h6v5h-6ZM13.5 12h6v7.5h-6ZM4.5 16h6.5v3.5H4.5Z");
    public static readonly IHtmlContent List = Draw("M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01");
    public static readonly IHtmlContent Person = Draw(
        "M15.5 8.5a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0ZM5 19.5c.5-3.5 3.3-5.5 7-5.5s6.5 2 7 5.5");
    public static readonly IHtmlContent Settings = Draw(
        "M4 7.5h8.5M17.5 7.5H20M4 16.5h2.5M11.5 16.5H20M17.5 7.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Z"
        + "M11.5 16.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Z");
    public static readonly IHtmlContent Leave = Draw("M13.5 4.5h-8v15h8M10 12h10M16.5 8.5 20 12l-3.5 3.5");
    public static readonly IHtmlContent Close = Draw("M6 6l12 12M18 6 6 18");
    public static readonly IHtmlContent Keys = Draw(
        "M3.5 7h17v10h-17ZM7 10.5h.01M10.3 10.5h.01M13.7 10.5h.01M17 10.5h.01M8.5 13.5h7");
    public static readonly IHtmlContent Check = Draw("M5 12.5 10 17.5 19.5 7");
    public static readonly IHtmlContent Alert = Draw(
        "M12 8v5M12 16.2v.01M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0Z");
    public static readonly IHtmlContent Clock = Draw("M12 7.5V12l3 2M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0Z");
    public static readonly IHtmlContent Save = Draw("M6.5 4.5h11v15L12 15.5l-5.5 4Z");
    public static readonly IHtmlContent Heart = Draw(
        "M12 19.5 4.9 12.5a4.4 4.4 0 0 1 6.2-6.2l.9.9.9-.9a4.4 4.4 0 0 1 6.2 6.2Z");
    public static readonly IHtmlContent Talk = Draw("M4.5 5.5h15v10.5h-8L7 19.5V16H4.5Z");
    public static readonly IHtmlContent Play = Draw("M8 5.5v13l10.5-6.5Z");
    public static readonly IHtmlContent Again = Draw("M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15");
    public static readonly IHtmlContent Back = Draw("M14.5 5.5 8 12l6.5 6.5");
    public static readonly IHtmlContent On = Draw("M9.5 5.5 16 12l-6.5 6.5");
    public static readonly IHtmlContent Sun = Draw(
        "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0ZM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4"
        + "M5.6 18.4 7 17M17 7l1.4-1.4");
    public static readonly IHtmlContent Moon = Draw("M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z");
    public static readonly IHtmlContent Screen = Draw("M3.5 5h17v11.5h-17ZM9 20h6M12 16.5V20");

    private static HtmlString Draw(string path) => new(
        $"""<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{path}"/></svg>""");
}
