using System.Globalization;
using System.IO.Compression;
using Pinfold.Testing;

namespace Pinfold.Benchmarks.LinkBench;

/// <summary>
/// How many links a node has, as measured at Facebook: LinkBench's <c>Distribution.dat</c>, section <c>nlinks</c>.
/// </summary>
sealed class Distribution
{
    readonly List<int> _values = [];
    readonly List<double> _cumulative = [];

    public static Distribution Load(string? folder)
    {
        var path = folder is null ? SharedData.Find("linkbench/Distribution.dat.gz")
            : Path.Combine(folder, "Distribution.dat.gz");
        if (path is null || !File.Exists(path))
            throw new FileNotFoundException(
                "LinkBench's Distribution.dat.gz is not there: name its folder with --data. "
                + "It is config/Distribution.dat of facebookarchive/linkbench, compressed.");
        var distribution = new Distribution();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var section = "";
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 1)
                section = parts[0];
            else if (parts.Length == 2 && section == "nlinks")
            {
                distribution._values.Add(int.Parse(parts[0], CultureInfo.InvariantCulture));
                distribution._cumulative.Add(double.Parse(parts[1], CultureInfo.InvariantCulture) / 100);
            }
        }
        return distribution;
    }

    /// <summary>
    /// The number of links of the node that has the <paramref name="rank"/>-th most (from 0) of <paramref
    /// name="nodes"/>.
    /// </summary>
    public int LinksOf(int rank, int nodes)
    {
        var share = 1.0 - rank / (double)nodes;
        var place = _cumulative.BinarySearch(share);
        return _values[Math.Min(place < 0 ? ~place : place, _values.Count - 1)];
    }
}
