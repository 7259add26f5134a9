namespace Pinfold.Cli.Operation;

/// <summary>Who types.</summary>
static class Caller
{
    /// <summary>The user and their machine: <c>robin@db-tools</c>.</summary>
    public static string Name => $"{Environment.UserName}@{Environment.MachineName}";
}
