using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.Import;

/// <summary>Posted as multipart to /import: file (one or several).</summary>
internal sealed record ImportView : FormView
{
    public required long BytesMax { get; init; }
    public IReadOnlyList<ImportLink> Earlier { get; init; } = [];
}

internal sealed record ImportLink(string Href, string FileName, DateTimeOffset At, long Added, bool Running);
