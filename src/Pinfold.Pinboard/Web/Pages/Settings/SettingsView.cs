using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.Settings;

/// <summary>Two forms: /settings (displayName, about) and /settings/password (current, password).</summary>
internal sealed record SettingsView : FormView
{
    public required string Username { get; init; }
    public required string Email { get; init; }
    public string? DisplayName { get; init; }
    public string? About { get; init; }
    public required Budget Budget { get; init; }
    public required Usage Usage { get; init; }
    public bool IsAdministrator { get; init; }
}
