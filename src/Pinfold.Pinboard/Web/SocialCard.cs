namespace Pinfold.Pinboard.Web;

/// <summary>OpenGraph. The addresses are absolute, because they are read away from this site.</summary>
internal sealed record SocialCard(string Url, string Title, string? Description, string? PictureUrl);
