namespace Pinfold.Pinboard.Web.Pages.Error;

/// <summary>What is shown instead of a page: what was wrong, and what can be done.</summary>
internal sealed record ErrorView(int Code) : PageView
{
    public required string Headline { get; init; }
    public required string Message { get; init; }

    /// <summary>To quote when asking for help; the log has the same.</summary>
    public string? Reference { get; init; }

    public override int Status => Code;

    /// <summary>The standing words for a status. <paramref name="message"/> replaces the second sentence.</summary>
    public static ErrorView Of(int code, Person? signedIn, string? message = null, string? reference = null)
    {
        var (headline, standing) = code switch
        {
            400 => ("That does not add up.", "Something in the request was wrong. Go back and try again."),
            403 => ("This gate is closed.", "What is in here is not yours to see or to change."),
            404 => ("Nothing is pinned here.", "It may have been taken down, kept secret, or it never was."),
            413 => ("That is too large.", "Try a smaller file."),
            429 => ("A little slower, please.", "That was a lot in a short time. Wait a minute, then try again."),
            >= 400 and < 500 => ("That does not add up.",
                "This cannot be asked for here in this way. Go back and try again."),
            503 => ("Part of the fold is not answering.", "Nothing is lost. Try again in a moment."),
            _ => ("Something broke on our side.", "It was noted. Try again, or come back later."),
        };
        return new ErrorView(code)
        {
            Title = headline.TrimEnd('.'),
            SignedIn = signedIn,
            Headline = headline,
            Message = message ?? standing,
            Reference = reference,
        };
    }
}
