using Pinfold.Sharding;

namespace Pinfold.Pinboard.Access;

/// <summary>
/// What is not there, and what the viewer may not see: one error for both, so that nobody can tell which it is.
/// </summary>
static class NotThere
{
    public static PinfoldException Person() => new(ErrorKind.NotFound, "There is no such person.");

    public static PinfoldException Pin() => new(ErrorKind.NotFound, "There is no such pin.");

    public static PinfoldException Board() => new(ErrorKind.NotFound, "There is no such board.");

    /// <summary>Also for a section of another board than that which was named with it.</summary>
    public static PinfoldException Section() => new(ErrorKind.NotFound, "There is no such section any more.");

    /// <summary>Also for one of a pin that the viewer may not see.</summary>
    public static PinfoldException Comment() => new(ErrorKind.NotFound, "There is no such comment any more.");

    public static PinfoldException Import() => new(ErrorKind.NotFound, "There is no such import.");
}
