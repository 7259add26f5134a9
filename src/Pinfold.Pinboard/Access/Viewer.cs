using Pinfold.Sharding;

namespace Pinfold.Pinboard.Access;

/// <summary>Who looks: a signed-in user, or anybody.</summary>
readonly record struct Viewer(ObjectId<User> User)
{
    public static Viewer Anybody => default;

    public bool IsSignedIn => !User.IsNone;

    public bool Is(ObjectId<User> owner) => IsSignedIn && User == owner;
}
