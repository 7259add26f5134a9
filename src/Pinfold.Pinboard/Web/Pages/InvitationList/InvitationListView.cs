using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.InvitationList;

/// <summary>
/// Posted to /settings/invitations as days and uses, which answers with the link; and to /settings/invitations/revoke
/// as id.
/// </summary>
internal sealed record InvitationListView : FormView
{
    public required RegistrationMode Mode { get; init; }

    /// <summary>Whether an invitation of theirs may be good for several people.</summary>
    public required bool MayInviteMany { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<InvitationRow> Invitations { get; init; }

    /// <summary>The whole link of the one that was just made: it cannot be shown again.</summary>
    public string? NewLink { get; init; }

    public int Days { get; init; } = Invitation.DaysUnlessSaid;

    public int Uses { get; init; } = 1;
}

/// <summary>One invitation.</summary>
/// <param name="Id">To take it back.</param>
/// <param name="State">In plain words.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="UsedBy">The user names.</param>
/// <param name="IsOpen">Whether it can still be used.</param>
internal sealed record InvitationRow(
    string Id, string State, DateTimeOffset MadeAt, IReadOnlyList<string> UsedBy, bool IsOpen);
