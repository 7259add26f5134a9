namespace Pinfold.Pinboard.Web;

/// <summary>A path on this site to go on to; everything else would let a link lead away.</summary>
static class LocalPath
{
    public static string? Of(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Any(char.IsControl) ? path : null;
}
