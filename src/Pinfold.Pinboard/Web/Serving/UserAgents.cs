namespace Pinfold.Pinboard.Web.Serving;

/// <summary>What a browser says of itself, in words that its owner knows it by: "Firefox on Windows".</summary>
static class UserAgents
{
    const int LengthMax = 40;

    /// <summary>In this order, since most say that they are others too.</summary>
    static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"), ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
        ("Macintosh", "Mac"), ("Linux", "Linux"),
    ];

    public static string Words(string? userAgent)
    {
        var agent = Text.OneLine(userAgent is { Length: > 1000 } ? userAgent[..1000] : userAgent);
        var (browser, system) = (First(Browsers, agent), First(Systems, agent));
        return (browser, system) switch
        {
            ({ } b, { } s) => $"{b} on {s}",
            ({ } b, null) => b,
            (null, { } s) => $"A browser on {s}",
            _ when agent.Length > 0 => Text.Cut(agent.Split('/', ' ')[0], LengthMax),
            _ => "An unknown browser",
        };
    }

    static string? First((string Mark, string Name)[] marks, string agent) =>
        marks.FirstOrDefault(m => agent.Contains(m.Mark, StringComparison.Ordinal)).Name;
}
