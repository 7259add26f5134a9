namespace Pinfold.Pinboard.Images;

/// <summary>The only decoders of libvips that ever see a stranger's file.</summary>
static class AllowedDecoders
{
    /// <summary>
    /// The classes of libvips 8.18, each with its file, buffer and source variants below it. GIF is read by libnsgif.
    /// </summary>
    public static readonly string[] Names =
        ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif"];
}
