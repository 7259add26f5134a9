using System.Text.Json.Serialization;
using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>
/// Where a saved pin comes from: the pins through which it came, the first of all of them first, that which was saved
/// last. Whether they are there, and who may see them, is to be asked each time.
/// </summary>
sealed record PinOrigin(IReadOnlyList<PinStep> Steps)
{
    /// <summary>The first, and so many of the last: what lies between is left out.</summary>
    public const int StepsMax = 21;

    [JsonIgnore]
    public PinStep First => Steps[0];

    [JsonIgnore]
    public PinStep Last => Steps[^1];

    /// <summary>The origin of what is saved from a pin.</summary>
    /// <param name="before">Of that pin; null if it has none.</param>
    /// <param name="saved">That pin.</param>
    public static PinOrigin After(PinOrigin? before, PinStep saved) => before is not { Steps: var steps }
        ? new PinOrigin([saved])
        : new PinOrigin([steps[0], .. steps.Skip(1).TakeLast(StepsMax - 2), saved]);
}

/// <summary>A pin through which another came, and whose it is.</summary>
readonly record struct PinStep(ObjectId<Pin> Pin, ObjectId<User> Owner);
