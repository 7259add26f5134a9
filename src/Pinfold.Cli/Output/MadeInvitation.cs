namespace Pinfold.Cli.Output;

/// <summary>An invitation that was just made; its link is kept nowhere.</summary>
sealed record MadeInvitation(string Id, string? By, string Link, int Uses, DateTimeOffset Ends);
