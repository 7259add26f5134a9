using System.Text;

namespace Pinfold.Benchmarks.Pages;

/// <summary>
/// Pages of the service as somebody sees them who is signed in, and as a visitor does, uncompressed, beside a server
/// that answers with the same bytes. Both run in this process, as does who asks.
/// </summary>
static class PageBenchmark
{
    public static async Task<IReadOnlyList<ContestResult>> RunAsync(Options options)
    {
        await using var site = new PageSite();
        await site.StartAsync(options.Engine);
        var readers = new List<string>();
        for (var reader = 0; reader < (options.IsSmoke ? 2 : PageSite.Readers); reader++)
            readers.Add(await site.SignInAsync(reader));
        (string Name, string Path)[] pages =
        [
            ("profile", "/mira"), ("board", site.BoardPath), ("pin", $"/pin/{site.Pin}"), ("home", "/"),
            ("search", "/search?q=stone"),
        ];
        var results = new List<ContestResult>();
        foreach (var (name, path) in pages)
        {
            if (name != "home")
                results.Add(await RunAsync(options, site, $"{name}, signed out", path, []));
            results.Add(await RunAsync(options, site, $"{name}, signed in", path, readers));
        }
        return results;
    }

    static async Task<ContestResult> RunAsync(
        Options options, PageSite site, string title, string path, IReadOnlyList<string> readers)
    {
        var requests = readers.Count > 0
            ? readers.Select((cookies, i) => Request(site.Address, path, i, cookies)).ToList()
            : [.. Enumerable.Range(0, 250).Select(i => Request(site.Address, path, i, null))];
        byte[] same;
        using (var client = new PageClient(site.Address))
            same = WithoutChunks((await client.GetAsync(requests[0])).ToArray());
        await using var twin = await StaticTwin.StartAsync(new Dictionary<string, byte[]> { ["page"] = same });
        var ofTwin = Request(twin.Address, "/page", 0, null);
        var (clients, twins) = (Clients(site.Address), Clients(twin.Address));
        var contest = new Contest(
            $"{title}, {same.Length / 1000.0:0.0} KB", options.Writers, options, site.Servers);
        var result = await contest.RunAsync(
            new Contender("Pinfold", async (worker, random) =>
            {
                var body = await clients[worker].GetAsync(requests[random.Next(requests.Count)]);
                MismatchException.Unless(body.Length > same.Length * 9 / 10, "a page is shorter than it was");
            }),
            new Contender("the same bytes", async (worker, _) => await twins[worker].GetAsync(ofTwin)));
        foreach (var client in clients.Concat(twins))
            client.Dispose();
        return result;

        List<PageClient> Clients(Uri server) =>
            [.. Enumerable.Range(0, options.Writers).Select(_ => new PageClient(server))];
    }

    /// <summary>Visitors come from several addresses, since each may search only so often.</summary>
    static byte[] Request(Uri server, string path, int from, string? cookies) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nX-Forwarded-For: 10.2.0.{from + 1}\r\n"
        + (cookies is null ? "\r\n" : $"Cookie: {cookies}\r\n\r\n"));

    static byte[] WithoutChunks(byte[] body)
    {
        var text = Encoding.Latin1.GetString(body);
        if (text.StartsWith('<'))
            return body;
        var whole = new StringBuilder();
        for (var at = 0; ;)
        {
            var end = text.IndexOf('\r', at);
            var length = Convert.ToInt32(text[at..end], 16);
            if (length == 0)
                return Encoding.Latin1.GetBytes(whole.ToString());
            whole.Append(text, end + 2, length);
            at = end + 4 + length;
        }
    }
}
