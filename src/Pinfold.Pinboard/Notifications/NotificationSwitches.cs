using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pinfold.Pinboard.Notifications;

/// <summary>What of notifications a person can switch off.</summary>
enum NotificationSwitch
{
    Followers,
    Repins,
    Likes,
    Comments,
    Imports,
}

/// <summary>
/// Which kinds somebody wants to be told of, and when they changed their mind: what happened while a kind was off is
/// not told later either, however late it comes. All are on at first.
/// </summary>
/// <param name="Turns">By kind, when it was switched off and on again, in milliseconds.</param>
sealed record NotificationSwitches(IReadOnlyDictionary<NotificationSwitch, IReadOnlyList<long>> Turns)
{
    /// <summary>So many turns are remembered of each kind: what happened longer ago counts as before all of them.
    /// </summary>
    const int TurnsMax = 8;

    public static NotificationSwitches AllOn { get; } =
        new(new Dictionary<NotificationSwitch, IReadOnlyList<long>>());

    public static NotificationSwitch Of(NotificationKind kind) => kind switch
    {
        NotificationKind.Follow or NotificationKind.BoardFollow => NotificationSwitch.Followers,
        NotificationKind.Repin => NotificationSwitch.Repins,
        NotificationKind.Like => NotificationSwitch.Likes,
        NotificationKind.Comment => NotificationSwitch.Comments,
        _ => NotificationSwitch.Imports,
    };

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    public static NotificationSwitches Parse(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? AllOn : JsonSerializer.Deserialize(bytes, NotificationJson.Default.NotificationSwitches)!;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, NotificationJson.Default.NotificationSwitches);

    public bool IsOn(NotificationSwitch of) => TurnsOf(of).Count % 2 == 0;

    /// <summary>Whether what happened then is told.</summary>
    public bool WasOn(NotificationSwitch of, long atMs) => TurnsOf(of).Count(turn => turn <= atMs) % 2 == 0;

    /// <summary>As it is when these are on and the others off from now on.</summary>
    public NotificationSwitches Set(IReadOnlySet<NotificationSwitch> on, long nowMs) => new(
        Enum.GetValues<NotificationSwitch>()
            .Select(of => (of, Turns: IsOn(of) == on.Contains(of) ? TurnsOf(of) : [.. TurnsOf(of), nowMs]))
            .Where(kind => kind.Turns.Count > 0)
            .ToDictionary(kind => kind.of, kind => Newest(kind.Turns)));

    /// <summary>Two go at a time, so that the last still says what it is now.</summary>
    static IReadOnlyList<long> Newest(IReadOnlyList<long> turns) =>
        turns.Count > TurnsMax ? [.. turns.Skip(2)] : turns;

    IReadOnlyList<long> TurnsOf(NotificationSwitch of) => Turns.GetValueOrDefault(of) ?? [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(NotificationSwitches))]
sealed partial class NotificationJson : JsonSerializerContext;
