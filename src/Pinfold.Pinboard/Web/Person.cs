namespace Pinfold.Pinboard.Web;

/// <summary>Somebody, named on a page.</summary>
internal sealed record Person(string Username, string DisplayName);
