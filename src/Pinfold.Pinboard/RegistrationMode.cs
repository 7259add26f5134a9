namespace Pinfold.Pinboard;

/// <summary>Who may sign up on the pages.</summary>
enum RegistrationMode
{
    /// <summary>Everybody.</summary>
    Open,

    /// <summary>Who has an invitation.</summary>
    Invite,

    /// <summary>Nobody; whoever runs the installation adds people.</summary>
    Closed,
}
