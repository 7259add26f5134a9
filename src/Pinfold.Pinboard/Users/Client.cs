using Pinfold.Sharding;

namespace Pinfold.Pinboard.Users;

/// <summary>Where a request comes from.</summary>
/// <param name="Address">The address, as its owner is shown it.</param>
/// <param name="Origin">Whom that address stands for when tries are counted.</param>
/// <param name="Device">Browser and system, in a few words.</param>
/// <param name="Known">What its device cookie says, or null.</param>
sealed record Client(string Address, string Origin, string Device, KnownDevice? Known = null);

/// <summary>A browser in which somebody has given their password before; strangers cannot make one up.</summary>
/// <param name="Credentials">Whose.</param>
/// <param name="Stamp">Their security stamp at that time; when they get another, the device is a stranger's.</param>
/// <param name="Number">Tells it from their other devices.</param>
sealed record KnownDevice(ObjectId<Credentials> Credentials, string Stamp, Guid Number)
{
    public bool IsOf(Stored<Credentials>? credentials) =>
        credentials is not null && credentials.Id == Credentials && credentials.Body.SecurityStamp == Stamp;
}
