using System.Diagnostics.CodeAnalysis;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images;

/// <summary>
/// The SHA-256 of an original as 64 lower-case hexadecimal digits: its name on disk and in addresses.
/// </summary>
internal readonly record struct ContentHash
{
    const int Digits = 64;

    readonly string? _hex;

    ContentHash(string hex) => _hex = hex;

    public static ContentHash Of(ReadOnlySpan<byte> sha256)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sha256.Length, Digits / 2);
        return new ContentHash(Convert.ToHexStringLower(sha256));
    }

    /// <exception cref="PinfoldException">Invalid: not 64 lower-case hexadecimal digits.</exception>
    public static ContentHash Parse(string text) => TryParse(text, out var hash)
        ? hash
        : throw new PinfoldException(ErrorKind.Invalid, "The name of an image is 64 hexadecimal digits (0-9, a-f).");

    // Strict on purpose: what passes is put into a file path.
    public static bool TryParse([NotNullWhen(true)] string? text, out ContentHash hash)
    {
        var valid = text is { Length: Digits } && text.All(char.IsAsciiHexDigitLower);
        hash = valid ? new ContentHash(text!) : default;
        return valid;
    }

    public override string ToString() =>
        _hex ?? throw new InvalidOperationException("A default ContentHash names nothing.");
}
