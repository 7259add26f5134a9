namespace Pinfold.Benchmarks.LinkBench;

/// <summary>Zipf's law over ranks 0 to n-1: rank r is chosen in proportion to (r + 1)^-shape.</summary>
sealed class Zipf
{
    readonly double[] _cumulative;

    public Zipf(int n, double shape)
    {
        _cumulative = new double[n];
        var sum = 0.0;
        for (var i = 0; i < n; i++)
            _cumulative[i] = sum += Math.Pow(i + 1, -shape);
    }

    public int Choose(Random random)
    {
        var place = Array.BinarySearch(_cumulative, random.NextDouble() * _cumulative[^1]);
        return Math.Min(place < 0 ? ~place : place, _cumulative.Length - 1);
    }
}

/// <summary>A fixed shuffle of ranks to nodes, so that the most popular are not neighbours; known both ways.</summary>
sealed class Shuffle
{
    readonly int[] _nodes;
    readonly int[] _ranks;

    public Shuffle(int n, int seed)
    {
        _nodes = [.. Enumerable.Range(0, n)];
        new Random(seed).Shuffle(_nodes);
        _ranks = new int[n];
        for (var i = 0; i < n; i++)
            _ranks[_nodes[i]] = i;
    }

    public int NodeOf(int rank) => _nodes[rank];

    public int RankOf(int node) => _ranks[node];
}

/// <summary>
/// Payloads with lengths by a log-normal law, filled partly from a shared text so that they compress as real ones do.
/// </summary>
sealed class Payloads(int median, int lengthMax, byte first, byte last, double uniqueness)
{
    const int ChunkMax = 128;
    readonly byte[] _shared = Fill(new byte[512], new Random(7), first, last);

    public byte[] Next(Random random)
    {
        var payload = new byte[Math.Clamp((int)Math.Round(median * Math.Exp(Gaussian(random))), 0, lengthMax)];
        for (var start = 0; start < payload.Length; start += ChunkMax)
        {
            var chunk = payload.AsSpan(start, Math.Min(ChunkMax, payload.Length - start));
            if (random.NextDouble() < uniqueness)
                Fill(chunk, random);
            else
                _shared.AsSpan(random.Next(_shared.Length - chunk.Length + 1), chunk.Length).CopyTo(chunk);
        }
        return payload;
    }

    void Fill(Span<byte> chunk, Random random)
    {
        foreach (ref var b in chunk)
            b = (byte)random.Next(first, last + 1);
    }

    static byte[] Fill(byte[] bytes, Random random, byte first, byte last)
    {
        foreach (ref var b in bytes.AsSpan())
            b = (byte)random.Next(first, last + 1);
        return bytes;
    }

    static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
