namespace Pinfold.Benchmarks.LinkBench;

/// <summary>
/// Sends both contenders the same requests, one after the other, and compares every answer; then compares lists and
/// counts.
/// </summary>
static class AnswerCheck
{
    public static async Task RunAsync(Graph graph, ILinkStore one, ILinkStore other, int requests)
    {
        // Each new link is a millisecond younger, so that the order of a list is the same for both.
        long clock = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), otherClock = clock;
        var first = new Workload(graph, one, null, () => ++clock);
        var second = new Workload(graph, other, null, () => ++otherClock);
        var (random, otherRandom) = (new Random(11), new Random(11));
        for (var i = 0; i < requests; i++)
        {
            var answer = await first.OnceAsync(0, random);
            var otherAnswer = await second.OnceAsync(0, otherRandom);
            MismatchException.Unless(
                AreSame(answer, otherAnswer), $"request {i} was answered {answer} and {otherAnswer}");
        }
        var some = new Random(12);
        for (var i = 0; i < 200; i++)
        {
            var (id, type) = (1 + some.Next(graph.Nodes), some.Next(Graph.Types));
            var count = await one.CountLinksAsync(id, type);
            MismatchException.Unless(
                count == await other.CountLinksAsync(id, type), $"the count of links of node {id}, type {type}");
            await CompareListsAsync(one, other, id, type, count);
        }
    }

    /// <summary>Page by page, and as many as the count says.</summary>
    static async Task CompareListsAsync(ILinkStore one, ILinkStore other, long id, int type, long count)
    {
        const int limit = 40;
        LinkPage? page = null, otherPage = null;
        var seen = 0L;
        do
        {
            page = await one.GetLinksAsync(id, type, limit, page);
            otherPage = await other.GetLinksAsync(id, type, limit, otherPage);
            MismatchException.Unless(AreSame(page, otherPage), $"the links of node {id}, type {type}");
            seen += page.Links.Length;
        }
        while (page.Next is not null && otherPage.Next is not null && seen < 400);
        MismatchException.Unless(
            seen == count || seen >= 400, $"node {id} has {seen} links of type {type}, its count says {count}");
    }

    static bool AreSame(object? one, object? other) => (one, other) switch
    {
        (LinkPage a, LinkPage b) =>
            a.Links.Zip(b.Links).All(p => p.First.Time == p.Second.Time) && AreSame(a.Links, b.Links),
        (Link[] a, Link[] b) => a.Length == b.Length
            && a.OrderBy(l => l.Id2).Zip(b.OrderBy(l => l.Id2)).All(p => AreSame(p.First, p.Second)),
        (Link a, Link b) => a with { Data = b.Data } == b && a.Data.AsSpan().SequenceEqual(b.Data),
        (Node a, Node b) => a with { Data = b.Data } == b && a.Data.AsSpan().SequenceEqual(b.Data),
        _ => Equals(one, other),
    };
}
