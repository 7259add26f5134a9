using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;

namespace Pinfold.Cli.Tests.Secrecy;

/// <summary>
/// Looks for secrets in all that an answer says: headers and body, as they stand and decoded, in numbers and in bytes.
/// </summary>
static partial class Leaks
{
    /// <summary>The secrets that the answer has, and that its request did not bring along.</summary>
    /// <param name="answer">Read whole.</param>
    /// <param name="request">All of its words.</param>
    /// <param name="secrets">Ids in decimal, and lower-case words of 12 letters or digits and more.</param>
    public static IReadOnlyList<string> Find(Answer answer, string request, IReadOnlyCollection<string> secrets)
    {
        var said = string.Join('\n', [answer.Location ?? "", .. answer.Headers.Select(h => $"{h.Key}: {h.Value}"),
            Encoding.UTF8.GetString(answer.Body)]);
        var found = new HashSet<string>();
        foreach (var reading in new HashSet<string> { said, WebUtility.HtmlDecode(said), WebUtility.UrlDecode(said) })
            Find(reading, secrets, found);
        foreach (var word in Encoded().Matches(said).Select(m => m.Value).Distinct())
            if (!request.Contains(word, StringComparison.Ordinal))
                foreach (var bytes in Decode(word))
                    Find(bytes, secrets, found);
        var brought = new HashSet<string>();
        foreach (var word in Encoded().Matches(request).Select(m => m.Value).Distinct())
            foreach (var bytes in Decode(word))
                Find(bytes, secrets, brought);
        return [.. found.Except(brought)
            .Where(secret => !request.Contains(secret, StringComparison.OrdinalIgnoreCase))];
    }

    static void Find(string text, IReadOnlyCollection<string> secrets, HashSet<string> found)
    {
        foreach (var word in Word().EnumerateMatches(text))
        {
            // Wherever in the word it begins: what is secret may have been joined to something.
            var lower = text.Substring(word.Index, word.Length).ToLowerInvariant();
            if (secrets.Contains(lower))
                found.Add(lower);
            else if (lower.Length is > 12 and < 200)
                found.UnionWith(secrets.Where(secret => lower.Contains(secret, StringComparison.Ordinal)));
        }
    }

    /// <summary>As text, and ids as numbers whichever end comes first.</summary>
    static void Find(byte[] bytes, IReadOnlyCollection<string> secrets, HashSet<string> found)
    {
        Find(Encoding.Latin1.GetString(bytes), secrets, found);
        for (var at = 0; at + sizeof(long) <= bytes.Length; at++)
            foreach (var id in (long[])[
                BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at)),
                BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at))])
                if (id > 0 && id.ToString(CultureInfo.InvariantCulture) is var number && secrets.Contains(number))
                    found.Add(number);
    }

    /// <summary>What a word may be in base64 of either alphabet, or in hex.</summary>
    static IEnumerable<byte[]> Decode(string word)
    {
        var base64 = word.Replace('+', '-').Replace('/', '_').TrimEnd('=');
        // A word may begin before what is encoded does.
        for (var skip = 0; skip < Math.Min(4, base64.Length - 8); skip++)
        {
            var part = base64[skip..];
            part = part.Length % 4 == 1 ? part[..^1] : part;
            if (Base64Url.IsValid(part))
                yield return Base64Url.DecodeFromChars(part);
        }
        var hex = word.Length % 2 == 0 ? word : word[..^1];
        if (hex.All(char.IsAsciiHexDigit))
            yield return Convert.FromHexString(hex);
    }

    [GeneratedRegex("[A-Za-z0-9]{12,}")]
    private static partial Regex Word();

    [GeneratedRegex("[A-Za-z0-9_+/-]{16,}={0,2}")]
    private static partial Regex Encoded();
}
