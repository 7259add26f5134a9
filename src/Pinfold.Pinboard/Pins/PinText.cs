using Pinfold.Sharding;

namespace Pinfold.Pinboard.Pins;

/// <summary>What a pin may say, each as it is kept.</summary>
static class PinText
{
    /// <exception cref="PinfoldException">Invalid: it is too long.</exception>
    public static string Title(string? title) => Text.Line(title, Pin.TitleLengthMax, "A title");

    /// <exception cref="PinfoldException">Invalid: it is too long.</exception>
    public static string? Description(string? description) =>
        Text.Paragraph(description, Pin.DescriptionLengthMax, "A description");

    /// <summary>Without a user name and password; null for none.</summary>
    /// <exception cref="PinfoldException">Invalid: it leads nowhere on the web, or is too long.</exception>
    public static string? Link(string? link)
    {
        if (string.IsNullOrWhiteSpace(link))
            return null;
        var trimmed = WebLink.WithoutCredentials(link.Trim());
        return trimmed.Length <= Pin.LinkLengthMax && Uri.TryCreate(trimmed, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            ? trimmed
            : throw new PinfoldException(ErrorKind.Invalid,
                $"An address begins with http:// or https:// and has at most {Pin.LinkLengthMax} characters.");
    }
}
