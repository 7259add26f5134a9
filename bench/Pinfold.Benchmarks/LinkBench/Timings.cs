namespace Pinfold.Benchmarks.LinkBench;

/// <summary>How long each request took: a list per worker and request, so that nobody waits for anybody.</summary>
sealed class Timings(string contender, int workers)
{
    static readonly Request[] Requests = Enum.GetValues<Request>();
    readonly List<float>[,] _milliseconds = Lists(workers);

    public void Add(int worker, Request request, TimeSpan took) =>
        _milliseconds[worker, (int)request].Add((float)took.TotalMilliseconds);

    /// <summary>Forgets what was added; nobody may be adding.</summary>
    public void Clear()
    {
        foreach (var list in _milliseconds)
            list.Clear();
    }

    public IEnumerable<Latency> Summary()
    {
        foreach (var request in Requests)
        {
            var all = Enumerable.Range(0, workers).SelectMany(w => _milliseconds[w, (int)request]).Order().ToList();
            if (all.Count > 0)
                yield return new Latency(contender, request.ToString(), all.Count, At(0.5), At(0.95), At(0.99));

            double At(double share) => all[Math.Min(all.Count - 1, (int)(all.Count * share))];
        }
    }

    static List<float>[,] Lists(int workers)
    {
        var lists = new List<float>[workers, Requests.Length];
        for (var w = 0; w < workers; w++)
            for (var r = 0; r < Requests.Length; r++)
                lists[w, r] = [];
        return lists;
    }
}
