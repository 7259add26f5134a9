namespace Pinfold.Cli.Output;

/// <summary>Somebody who has an account.</summary>
sealed record ListedUser(
    string Id, string Username, string Role, string State, DateTimeOffset Joined, DateTimeOffset? LastSeen);
