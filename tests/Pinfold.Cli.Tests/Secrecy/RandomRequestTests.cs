using System.Collections.Concurrent;
using System.Net;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Secrecy;

/// <summary>
/// Random requests of strangers, and of nobody, to every route: nothing that is secret is in any answer, also while
/// boards turn secret.
/// </summary>
public sealed class RandomRequestTests(ITestOutputHelper output)
{
    const int Strangers = 4;
    const int Batch = 50;

    public static TheoryData<string> Engines => Fleet.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task NothingSecretIsInAnyAnswer(string engine)
    {
        var seed = Seed.Take(output.WriteLine);
        await using var place = await Place.OnAsync(engine);
        await using var site = await Site.StartAsync(place, follows: true);
        var keeper = await Keeper.MakeAsync(site, "keeper", seed.NewRandom(), withSecrets: true);
        var book = new RouteBook(site);
        RandomRequests.Unknown(book.Routes).ShouldBeEmpty("say in RandomRequests what these are asked");
        using var crowd = await Crowd.ComeAsync(site, Strangers);
        using var owner = await site.SignedInAsync(keeper.Name);
        var requests = new RandomRequests(book, keeper, seed.NewRandom(1));
        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();

        var batches = Soak.Times(engine == "SQLite" ? 20 : 8, 200);
        for (var batch = 0; batch < batches; batch++)
        {
            await Task.WhenAll(keeper.OwnPages.Select(owner.GetAsync));
            var made = Enumerable.Range(0, Batch).Select(_ => requests.Next()).ToList();
            await Parallel.ForEachAsync(made.Index(), new ParallelOptions { MaxDegreeOfParallelism = 8 },
                async (next, _) =>
                {
                    var request = next.Item;
                    var answer = await crowd.At(next.Index).SendAsync(request);
                    statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
                    requests.Learn(answer);
                    ((int)answer.Status).ShouldBeLessThan(500, request.Words);
                    Leaks.Find(answer, Uri.UnescapeDataString(request.Words), keeper.Secrets)
                        .ShouldBeEmpty($"{request}: {answer.Status}\n{answer.Words}");
                });
            if (batch % Math.Max(1, batches / 6) == 2)
                await keeper.TurnOneAsync();
        }

        output.WriteLine(string.Join(", ", statuses.Select(s => $"{(int)s.Key}: {s.Value}")));
        statuses[HttpStatusCode.OK].ShouldBeGreaterThan(batches, "much is seen, or nothing was tried here");
        statuses[HttpStatusCode.NotFound].ShouldBeGreaterThan(batches);
    }

    [Fact]
    public void ASecretIsFoundHoweverItIsWritten()
    {
        const string Id = "492787367673857";
        var number = BitConverter.GetBytes(long.Parse(Id, System.Globalization.CultureInfo.InvariantCulture));
        string[] hidden =
        [
            $"<a id=\"pin-{Id}\">", Convert.ToHexString(number),
            "cursor=" + System.Buffers.Text.Base64Url.EncodeToString([1, 2, 3, .. number.Reverse(), 9, 9, 9, 9]),
            Convert.ToBase64String([.. System.Text.Encoding.UTF8.GetBytes($"from {Id} on")]),
        ];
        foreach (var text in hidden)
            Leaks.Find(Of(text), "GET /", [Id]).ShouldBe([Id], text);
        Leaks.Find(Of(hidden[0]), $"GET /pin/{Id}", [Id]).ShouldBeEmpty("the request has said it");
        Leaks.Find(Of("nothing"), "GET /", [Id]).ShouldBeEmpty();

        static Answer Of(string text) => new(
            HttpStatusCode.OK, System.Text.Encoding.UTF8.GetBytes(text), null, new Dictionary<string, string>());
    }
}
