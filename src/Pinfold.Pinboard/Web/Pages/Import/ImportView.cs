using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.Import;

/// <summary>Posted as multipart to /import: file (one or several).</summary>
internal sealed record ImportView : FormView
{
    /// <summary>What a browser offers to choose; told apart is by what is in a file.</summary>
    public const string Accepted =
        ".html,.htm,.json,.jsonlz4,.csv,.xml,.zip,.jpg,.jpeg,.png,.webp,.gif,text/html,text/csv,application/json";

    public required long BytesMax { get; init; }
    public required int FilesMax { get; init; }
    public IReadOnlyList<ImportLink> Earlier { get; init; } = [];
}

internal sealed record ImportLink(string Href, string FileName, DateTimeOffset At, long Added, bool Running);
