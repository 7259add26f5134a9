namespace Pinfold.Pinboard.Follows;

/// <summary>What is said of follows in more than one place.</summary>
static class FollowWords
{
    /// <summary>Also to who was blocked, whom it does not tell so.</summary>
    public const string CannotBeFollowed = "This person cannot be followed.";
}
