using System.Text.Json.Serialization;

namespace Pinfold.Pinboard;

/// <summary>What the audit log has of a person. The numbers are kept, so they are for ever.</summary>
/// <remarks>As numbers, so that a program that does not know one yet still reads the rest of the log.</remarks>
[JsonConverter(typeof(JsonNumberEnumConverter<AuditEvent>))]
enum AuditEvent
{
    /// <summary>The account was made; the subject is who had invited them, if somebody had.</summary>
    SignedUp = 1,

    SignedIn = 2,

    SignedOut = 3,

    /// <summary>Wrong passwords of one address within an hour; the count says how many.</summary>
    WrongPasswords = 4,

    /// <summary>One session was ended from another; the subject is its device.</summary>
    SessionEnded = 5,

    /// <summary>All of them.</summary>
    SessionsEnded = 6,

    PasswordChanged = 10,

    /// <summary>By whoever runs the installation.</summary>
    PasswordReset = 11,

    /// <summary>How they are shown.</summary>
    ProfileChanged = 12,

    MadeAdministrator = 20,

    RemovedAsAdministrator = 21,

    Disabled = 22,

    Enabled = 23,

    /// <summary>How much they may keep.</summary>
    BudgetChanged = 24,

    /// <summary>The count says for how many people.</summary>
    InvitationMade = 30,

    /// <summary>By whoever signed up; the subject of this and of the next two is the invitation's id.</summary>
    InvitationUsed = 31,

    /// <summary>It was used, and the account could not be made.</summary>
    InvitationGivenBack = 32,

    InvitationRevoked = 33,

    /// <summary>The subject is its id.</summary>
    PinDeleted = 40,

    /// <summary>The subject is its id; the count, how many pins went with it.</summary>
    BoardDeleted = 41,
}
