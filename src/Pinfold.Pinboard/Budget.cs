using System.Text.Json;
using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>How much one person may keep, and how often sites are asked for them.</summary>
/// <param name="BytesMax">Of the pictures of all their pins, as they were uploaded or fetched.</param>
/// <param name="PinsMax">How many pins.</param>
/// <param name="FetchesPerMinute">How many addresses are fetched within any minute.</param>
sealed record Budget(long BytesMax, int PinsMax, int FetchesPerMinute)
{
    public const int FetchesPerMinuteMax = 10_000;

    /// <summary>What everybody has unless the installation, or the administrator for one person, says otherwise.
    /// </summary>
    public static Budget Default { get; } = new(20L << 30, 200_000, 60);

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null when there is none.</summary>
    public static Budget? Parse(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? null : JsonSerializer.Deserialize(bytes, PinboardJson.Default.Budget);

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, PinboardJson.Default.Budget);

    /// <exception cref="PinfoldException">Invalid: a part is none.</exception>
    public Budget Checked() =>
        BytesMax < 0 || PinsMax < 0 || FetchesPerMinute is < 0 or > FetchesPerMinuteMax
            ? throw new PinfoldException(ErrorKind.Invalid,
                $"A budget has no parts below zero, and at most {FetchesPerMinuteMax:N0} fetches a minute.")
            : this;
}

/// <summary>How much one person keeps.</summary>
readonly record struct Usage(long Bytes, int Pins)
{
    public static Usage operator +(Usage one, Usage other) => new(one.Bytes + other.Bytes, one.Pins + other.Pins);

    public static Usage operator -(Usage one, Usage other) => new(one.Bytes - other.Bytes, one.Pins - other.Pins);
}
