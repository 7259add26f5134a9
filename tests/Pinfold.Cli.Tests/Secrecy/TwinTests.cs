using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Secrecy;

/// <summary>
/// Two people have the same in public, and one has secrets between it. To everybody else they are the same, page by
/// page and byte by byte: counts, lengths, where a list ends.
/// </summary>
public sealed partial class TwinTests(ITestOutputHelper output)
{
    public static TheoryData<string> Engines => Fleet.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhoHasSecretsIsAsWhoHasNone(string engine)
    {
        var seed = Seed.Take(output.WriteLine);
        var ofNorma = await VisitAsync(engine, "norma", seed.NewRandom(), withSecrets: false);
        var ofGemma = await VisitAsync(engine, "gemma", seed.NewRandom(), withSecrets: true);

        foreach (var (expected, found) in ofNorma.Zip(ofGemma))
        {
            found.Count.ShouldBe(expected.Count);
            foreach (var (of, page) in expected)
                From(found[of], page).ShouldBe(From(page, found[of]), of);
        }
    }

    /// <summary>
    /// What a stranger and a visitor see of somebody who is alone in an installation: in one of both twins each would
    /// be shown beside the other, as what is like theirs.
    /// </summary>
    static async Task<IReadOnlyList<Dictionary<string, string>>> VisitAsync(
        string engine, string name, Random random, bool withSecrets)
    {
        await using var place = await Place.OnAsync(engine);
        await using var site = await Site.StartAsync(place, follows: true);
        var keeper = await Keeper.MakeAsync(site, name, random, withSecrets);
        while (withSecrets && await keeper.TurnOneAsync())
        {
        }
        await site.FollowAsync();
        using var visitors = new Crowd(
            [await Visitor.StrangerAsync(site, "stranger"), await Visitor.NobodyAsync(site)]);
        return [await VisitAsync(visitors.At(0), keeper), await VisitAsync(visitors.At(1), keeper)];
    }

    /// <summary>Some of a page, from just before where another is different.</summary>
    static string From(string page, string other)
    {
        var same = page.AsSpan().CommonPrefixLength(other);
        return same == page.Length && same == other.Length ? ""
            : page[Math.Max(0, same - 200)..Math.Min(page.Length, same + 600)];
    }

    /// <summary>All that a visitor can come to, by its address, without what differs between any two people.</summary>
    static async Task<Dictionary<string, string>> VisitAsync(Visitor visitor, Keeper keeper)
    {
        var pages = new Dictionary<string, string>();
        var asked = new Queue<string>([$"/{keeper.Name}", $"/search?q={keeper.Name}"]);
        while (asked.TryDequeue(out var path))
        {
            if (!pages.TryAdd(Plain(path, keeper), ""))
                continue;
            var answer = await visitor.GetAsync(path);
            pages[Plain(path, keeper)] = Plain(string.Join('\n', [$"{answer.Status}",
                .. answer.Headers.Where(h => h.Key != "Date").Select(h => $"{h.Key}: {h.Value}"),
                answer.Text]), keeper);
            foreach (var link in Link().Matches(answer.Words).Select(m => m.Groups[1].Value))
                asked.Enqueue(link);
        }
        pages.Count.ShouldBeGreaterThan(75, "pins, pages of them and their pictures");
        return pages;
    }

    static string Plain(string text, Keeper keeper)
    {
        foreach (var (number, id) in keeper.Public.Index())
            text = text.Replace($"{id}", $"ID{number}", StringComparison.Ordinal);
        text = text.Replace(keeper.Name, "NAME", StringComparison.Ordinal);
        text = OwnBoard().Replace(Address().Replace(text, "SITE"), "OWN");
        text = Cursor().Replace(text, m => $"cursor={m.Length}");
        text = Avatar().Replace(text, "AVATAR");
        return Length().Replace(Token().Replace(text, m => $"TOKEN{m.Length}"), "");
    }

    [GeneratedRegex("(?:href|src)=\"(/(?:norma|gemma|pin|images)[^\" ]*)")]
    private static partial Regex Link();

    /// <summary>Where the installation answers.</summary>
    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+")]
    private static partial Regex Address();

    /// <summary>The one board of who looks, to save to.</summary>
    [GeneratedRegex("name=\"board\" value=\"[0-9]+\"")]
    private static partial Regex OwnBoard();

    [GeneratedRegex("cursor=[A-Za-z0-9_-]+")]
    private static partial Regex Cursor();

    /// <summary>Its colour is of the name.</summary>
    [GeneratedRegex("<span class=\"avatar[^<]*</span>")]
    private static partial Regex Avatar();

    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]+")]
    private static partial Regex Token();

    /// <summary>Ids are longer on some shards; the text itself is compared.</summary>
    [GeneratedRegex("Content-Length: [0-9]+|Last-Modified: .*|ETag: .*")]
    private static partial Regex Length();
}
