namespace Pinfold.Cli.Output;

/// <summary>A user who was just added.</summary>
sealed record AddedUser(string Id, string Username, string Role);
