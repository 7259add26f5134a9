namespace Pinfold.Pinboard.Web.Models;

/// <summary>Posted to /sign-up as username, email, password.</summary>
internal sealed record SignUpView : FormView
{
    public string? Username { get; init; }
    public string? Email { get; init; }
}

/// <summary>Posted to /sign-in as name (username or email), password, remember, return.</summary>
internal sealed record SignInView : FormView
{
    public string? Name { get; init; }

    /// <summary>A local path to go on to; the handler must refuse anything else.</summary>
    public string? Return { get; init; }
}

/// <summary>Two forms: /settings (displayName, about) and /settings/password (current, password).</summary>
internal sealed record SettingsView : FormView
{
    public required string Username { get; init; }
    public required string Email { get; init; }
    public string? DisplayName { get; init; }
    public string? About { get; init; }
}
