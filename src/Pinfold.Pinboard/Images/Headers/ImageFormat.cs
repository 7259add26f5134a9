namespace Pinfold.Pinboard.Images.Headers;

/// <summary>The formats that are accepted; every other one is refused before a decoder sees it.</summary>
internal enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
    Gif,
}

internal static class ImageFormatNames
{
    public const string Accepted = "JPEG, PNG, WebP and GIF";

    extension(ImageFormat format)
    {
        public string Name => format switch
        {
            ImageFormat.Jpeg => "JPEG",
            ImageFormat.Png => "PNG",
            ImageFormat.WebP => "WebP",
            _ => "GIF",
        };

        public string FileExtension => format switch
        {
            ImageFormat.Jpeg => "jpg",
            ImageFormat.Png => "png",
            ImageFormat.WebP => "webp",
            _ => "gif",
        };

        public string ContentType => format switch
        {
            ImageFormat.Jpeg => "image/jpeg",
            ImageFormat.Png => "image/png",
            ImageFormat.WebP => "image/webp",
            _ => "image/gif",
        };
    }
}
