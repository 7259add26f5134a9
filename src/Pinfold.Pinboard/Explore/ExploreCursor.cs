using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Explore;

/// <summary>Where a screen ended: the last place, and what waits from before it.</summary>
sealed record ExploreCursor(ExplorePosition After, IReadOnlyList<ObjectId<Pin>> Waiting)
{
    public override string ToString()
    {
        var bytes = new byte[Waiting.Count * sizeof(long)];
        for (var i = 0; i < Waiting.Count; i++)
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * sizeof(long)), Waiting[i].Value);
        return string.Create(
            CultureInfo.InvariantCulture, $"{After.Heat}.{After.Pin}.{Base64Url.EncodeToString(bytes)}");
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; null for the first screen.</summary>
    /// <exception cref="PinfoldException">Invalid: it is none.</exception>
    public static ExploreCursor? Parse(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return null;
        var parts = cursor.Split('.');
        if (parts.Length != 3
            || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var heat)
            || !ObjectId<Pin>.TryParse(parts[1], CultureInfo.InvariantCulture, out var pin)
            || !Base64Url.IsValid(parts[2]))
            throw NoCursor();
        var bytes = Base64Url.DecodeFromChars(parts[2]);
        var waiting = new List<ObjectId<Pin>>();
        for (var i = 0; i + sizeof(long) <= bytes.Length; i += sizeof(long))
            waiting.Add(ObjectId<Pin>.TryFromInt64(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(i)), out var id)
                ? id : throw NoCursor());
        return new ExploreCursor(new ExplorePosition(heat, pin), waiting);
    }

    static PinfoldException NoCursor() => new(
        ErrorKind.Invalid, "This is no place in what there is to explore. Begin at the top.");
}
