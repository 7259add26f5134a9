using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Web.Logs;

namespace Pinfold.Pinboard.Web.Pages.ShowPerson;

/// <summary>
/// One person, for administrators. Posted to /admin/people/NAME/ and disable, enable, make-administrator or
/// remove-administrator, and to /budget there: bytes, pins and fetches, or usual to have what everybody has.
/// </summary>
internal sealed record ShowPersonView : FormView
{
    public required Person Person { get; init; }
    public required string Email { get; init; }
    public required bool IsAdministrator { get; init; }
    public required DateTimeOffset? DisabledAt { get; init; }
    public required DateTimeOffset JoinedAt { get; init; }
    public required DateTimeOffset? SeenAt { get; init; }

    /// <summary>Whether it is who looks; nobody does any of this to themselves.</summary>
    public required bool IsSelf { get; init; }

    public required Usage Usage { get; init; }

    /// <summary>What they may keep, as a form has it.</summary>
    public required string Bytes { get; init; }
    public required string Pins { get; init; }
    public required string Fetches { get; init; }
    public required bool IsBudgetTheirOwn { get; init; }

    public required LogView Log { get; init; }
}
