using System.IO.Compression;
using Pinfold.Testing;

namespace Pinfold.Benchmarks.Searching;

/// <summary>
/// Titles: captions of Flickr8k where they are at hand, two of them to a title from the second time on; else words that
/// are as unevenly frequent as those of a language.
/// </summary>
static class Captions
{
    const int Words = 20_000, WordsOfTitle = 10;

    public static IReadOnlyList<string> Take(int count)
    {
        var random = new Random(1);
        if (SharedData.Find("text/flickr8k/Flickr8k.token.txt.gz") is not { } path)
            return [.. Enumerable.Range(0, count).Select(_ => string.Join(' ',
                Enumerable.Range(0, WordsOfTitle).Select(_ => Made(Zipf(random)))))];
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var captions = reader.ReadToEnd().Split('\n').Where(line => line.Contains('\t'))
            .Select(line => line[(line.IndexOf('\t') + 1)..].TrimEnd(' ', '.')).ToList();
        return [.. Enumerable.Range(0, count).Select(i => i < captions.Count ? captions[i]
            : $"{captions[random.Next(captions.Count)]}, {captions[random.Next(captions.Count)]}")];
    }

    static int Zipf(Random random) => (int)Math.Pow(Words, random.NextDouble());

    static string Made(int number)
    {
        var word = "";
        for (var rest = number; rest > 0; rest /= 60)
            word += $"{"bdfgklmnprst"[rest % 12]}{"aeiou"[rest / 12 % 5]}";
        return word;
    }
}
