using System.Text.Json;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Images in JSON-LD: an <c>image</c> is an address, an ImageObject with a <c>url</c>, or a list of these.
/// </summary>
internal static class LinkedData
{
    const int DepthMax = 32;

    /// <summary>In the order of the document; none when it is not JSON.</summary>
    public static List<string> Images(string json)
    {
        var images = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions
            {
                MaxDepth = DepthMax,
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
            });
            Search(document.RootElement, images);
        }
        catch (JsonException)
        {
            // Broken JSON-LD is common, and the page has other clues.
        }

        return images;
    }

    static void Search(JsonElement element, List<string> images)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Search(item, images);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            if (element.TryGetProperty("image", out var image))
                Collect(image, images);
            if (element.TryGetProperty("@graph", out var graph))
                Search(graph, images);
            if (element.TryGetProperty("mainEntity", out var main))
                Search(main, images);
        }
    }

    static void Collect(JsonElement image, List<string> images)
    {
        switch (image.ValueKind)
        {
            case JsonValueKind.String:
                images.Add(image.GetString()!);
                break;
            case JsonValueKind.Array:
                foreach (var item in image.EnumerateArray())
                    Collect(item, images);
                break;
            case JsonValueKind.Object:
                if (image.TryGetProperty("url", out var url) || image.TryGetProperty("contentUrl", out url))
                    Collect(url, images);
                break;
        }
    }
}
