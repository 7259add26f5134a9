namespace Pinfold.Pinboard.Web.Serving;

/// <summary>One file that belongs to the pages, ready to send.</summary>
/// <param name="Compressed">The body by Brotli, or null where that does not make it smaller.</param>
internal sealed record Asset(string ContentType, byte[] Body, byte[]? Compressed);
