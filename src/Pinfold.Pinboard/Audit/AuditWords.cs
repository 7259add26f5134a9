namespace Pinfold.Pinboard.Audit;

/// <summary>Says what the log has in plain words.</summary>
static class AuditWords
{
    /// <summary>What happened, as a line of a list has it.</summary>
    public static string Of(AuditEntry entry) => entry.Event switch
    {
        AuditEvent.SignedUp when entry.IsByOperator => "Account made on the command line",
        AuditEvent.SignedUp when entry.Subject is { } inviter => $"Signed up, invited by @{inviter}",
        AuditEvent.SignedUp => "Signed up",
        AuditEvent.SignedIn => "Signed in",
        AuditEvent.SignedOut => "Signed out",
        AuditEvent.WrongPasswords when entry.Address.Length == 0 =>
            $"{Counted(entry.Count, "wrong password", "wrong passwords")} from other addresses",
        AuditEvent.WrongPasswords => Counted(entry.Count, "wrong password", "wrong passwords"),
        AuditEvent.SessionEnded => $"Signed out elsewhere: {entry.Subject}",
        AuditEvent.SessionsEnded => "Signed out everywhere",
        AuditEvent.PasswordChanged => "Password changed",
        AuditEvent.PasswordReset => "Password set anew",
        AuditEvent.ProfileChanged => "Profile changed",
        AuditEvent.MadeAdministrator => "Made an administrator",
        AuditEvent.RemovedAsAdministrator => "No administrator any more",
        AuditEvent.Disabled => "Account disabled",
        AuditEvent.Enabled => "Account enabled again",
        AuditEvent.BudgetChanged => "Budget changed",
        AuditEvent.InvitationMade => $"Made an invitation for {Counted(entry.Count, "person", "people")}",
        AuditEvent.InvitationUsed => "Invitation used",
        AuditEvent.InvitationGivenBack => "Invitation not used after all",
        AuditEvent.InvitationRevoked => "Invitation taken back",
        AuditEvent.PinDeleted => $"Deleted pin {entry.Subject}",
        AuditEvent.BoardDeleted =>
            $"Deleted board {entry.Subject} with {Counted(entry.Count, "pin", "pins")}",
        var later => $"Something that this version does not know ({(int)later})",
    };

    /// <summary>Who did it, if it was somebody else; else null.</summary>
    public static string? ByWhom(AuditEntry entry) =>
        entry.IsByOperator ? "by whoever runs this site"
        : entry.By is { } name ? $"by @{name}"
        : null;

    static string Counted(long count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";
}
