using System.Globalization;

namespace Pinfold.Pinboard.Redis;

/// <summary>Scripts that run in Redis: each a file of this program, after the file of what they share.</summary>
/// <param name="folder">Where they are.</param>
/// <param name="shared">The file that stands before each.</param>
/// <param name="numbers">What stands in that for a number, such as $max, and the number.</param>
sealed class RedisScripts(string folder, string shared, params IReadOnlyList<(string Name, long Value)> numbers)
{
    readonly string _shared = numbers.Aggregate(Text(folder, shared), (text, number) => text.Replace(
        number.Name, number.Value.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    public string Whole(string name) => _shared + Text(folder, name);

    static string Text(string folder, string name)
    {
        using var stream = typeof(RedisScripts).Assembly.GetManifestResourceStream($"{folder}/{name}.lua")
            ?? throw new InvalidOperationException($"The script {folder}/{name}.lua is not in this program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
