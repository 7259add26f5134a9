using Pinfold.Pinboard.Web.Logs;

namespace Pinfold.Pinboard.Web.Pages.ShowPerson;

/// <summary>
/// One person, for administrators. Posted to /admin/people/NAME/ and disable, enable, make-administrator or
/// remove-administrator.
/// </summary>
internal sealed record ShowPersonView : PageView
{
    public required Person Person { get; init; }
    public required string Email { get; init; }
    public required bool IsAdministrator { get; init; }
    public required DateTimeOffset? DisabledAt { get; init; }
    public required DateTimeOffset JoinedAt { get; init; }
    public required DateTimeOffset? SeenAt { get; init; }

    /// <summary>Whether it is who looks; nobody does any of this to themselves.</summary>
    public required bool IsSelf { get; init; }

    public required LogView Log { get; init; }
}
