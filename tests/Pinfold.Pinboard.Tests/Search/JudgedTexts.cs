using System.Globalization;
using System.IO.Compression;
using Pinfold.Testing;

namespace Pinfold.Pinboard.Tests.Search;

/// <summary>Texts, questions, and what people said of which text answers which question.</summary>
/// <param name="Documents">Title and the rest, by number from 1.</param>
/// <param name="Questions">Each with how well documents answer it; those that are left out do not.</param>
sealed record JudgedTexts(
    IReadOnlyList<(string Title, string Words)> Documents, IReadOnlyList<JudgedQuestion> Questions)
{
    /// <summary>Cranfield: 1,400 abstracts of aerodynamics, 225 questions; null where it is not at hand.</summary>
    public static JudgedTexts? FindCranfield()
    {
        if (SharedData.Find("text/cranfield") is not { } folder)
            return null;
        var documents = Records(Lines(Path.Combine(folder, "cran.all.1400.gz")))
            .Select(r => (r.GetValueOrDefault('T', ""), WithoutTitle(r))).ToList();
        var questions = Records(File.ReadLines(Path.Combine(folder, "cran.qry"))).Select(r => r['W']).ToList();
        // A question's number in the judgments is its place; a document's relevance is 1, the best, to 4.
        var judged = File.ReadLines(Path.Combine(folder, "cranqrel"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray())
            .Where(j => j[2] is >= 1 and <= 4).ToLookup(j => j[0]);
        return new JudgedTexts(documents, [.. questions.Index().Select(q => new JudgedQuestion(
            q.Item, judged[q.Index + 1].DistinctBy(j => j[1]).ToDictionary(j => j[1], j => 5.0 - j[2]), null))
            .Where(q => q.Gains.Count > 0)]);
    }

    /// <summary>
    /// Flickr8k: photographs with five captions each; experts said how well other photographs fit a caption. Null where
    /// it is not at hand.
    /// </summary>
    public static JudgedTexts? FindFlickr()
    {
        if (SharedData.Find("text/flickr8k") is not { } folder)
            return null;
        var captions = Lines(Path.Combine(folder, "Flickr8k.token.txt.gz")).Select(line => line.Split('\t', 2))
            .Select(p => (Image: p[0][..p[0].IndexOf('#', StringComparison.Ordinal)], Id: p[0], Text: p[1])).ToList();
        var judged = Lines(Path.Combine(folder, "ExpertAnnotations.txt.gz")).Select(line => line.Split('\t'))
            .Select(p => (Image: p[0], Caption: p[1],
                Gain: p[2..].Average(s => int.Parse(s, CultureInfo.InvariantCulture)) - 1)).ToList();
        var images = judged.Select(j => j.Image).Concat(judged.Select(j => ImageOf(j.Caption))).Distinct().ToList();
        var numbers = images.Index().ToDictionary(i => i.Item, i => i.Index + 1);
        var byImage = captions.ToLookup(c => c.Image, c => c.Text);
        var text = captions.ToDictionary(c => c.Id, c => c.Text);
        return new JudgedTexts(
            [.. images.Select(image => (byImage[image].First(), string.Join('\n', byImage[image].Skip(1))))],
            [.. judged.Where(j => j.Image != ImageOf(j.Caption) && text.ContainsKey(j.Caption))
                .GroupBy(j => j.Caption).Select(of => new JudgedQuestion(
                    text[of.Key], of.Where(j => j.Gain > 0).DistinctBy(j => j.Image)
                        .ToDictionary(j => numbers[j.Image], j => j.Gain), numbers[ImageOf(of.Key)]))
                .Where(q => q.Gains.Count > 0)]);
    }

    static string ImageOf(string caption) => caption[..caption.IndexOf('#', StringComparison.Ordinal)];

    /// <summary>The abstracts begin with their title once more.</summary>
    static string WithoutTitle(Dictionary<char, string> record)
    {
        var (title, words) = (record.GetValueOrDefault('T', ""), record.GetValueOrDefault('W', ""));
        return words.StartsWith(title, StringComparison.Ordinal) ? words[title.Length..] : words;
    }

    static IEnumerable<Dictionary<char, string>> Records(IEnumerable<string> lines)
    {
        Dictionary<char, string>? record = null;
        var field = ' ';
        foreach (var line in lines)
            if (line.StartsWith(".I", StringComparison.Ordinal))
            {
                if (record is not null)
                    yield return record;
                record = [];
            }
            else if (line is ['.', var letter and >= 'A' and <= 'Z'])
                record![field = letter] = "";
            else
                record![field] += line + "\n";
        if (record is not null)
            yield return record;
    }

    static IEnumerable<string> Lines(string zipped)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(zipped), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}

/// <summary>A question.</summary>
/// <param name="Text">As it was asked.</param>
/// <param name="Gains">How well documents answer it, by number.</param>
/// <param name="Own">The document that the question was taken from, which counts for nothing; null for none.</param>
sealed record JudgedQuestion(string Text, IReadOnlyDictionary<int, double> Gains, int? Own)
{
    const int Depth = 10;

    /// <summary>
    /// Normalized discounted cumulative gain of the first ten: 1 when nothing could stand in a better order.
    /// </summary>
    public double Ndcg(IEnumerable<int> found) =>
        Dcg(found.Where(number => number != Own).Select(number => Gains.GetValueOrDefault(number)))
        / Dcg(Gains.Values.OrderDescending());

    static double Dcg(IEnumerable<double> gains) =>
        gains.Take(Depth).Index().Sum(g => (Math.Pow(2, g.Item) - 1) / Math.Log2(g.Index + 2));
}
