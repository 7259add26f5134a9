using System.Net;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Secrecy;

/// <summary>A page's link to the next one tells nothing, and opens where it was made alone.</summary>
public sealed partial class SealedCursorTests
{
    [Fact]
    public async Task ACursorIsSealed()
    {
        await using var place = Place.Embedded();
        await using var site = await Site.StartAsync(place, follows: true);
        var keeper = await Keeper.MakeAsync(site, "keeper", new Random(7), withSecrets: false);
        using var visitor = await Visitor.NobodyAsync(site);
        using var owner = await site.SignedInAsync(keeper.Name);
        var (profile, board) = ($"/{keeper.Name}", $"/{keeper.Name}/{keeper.Slugs[0]}");
        var ofProfile = CursorOf(await visitor.GetAsync(profile));
        var ofBoard = CursorOf(await visitor.GetAsync(board));

        var ids = keeper.Public.Select(id => id.ToString()).Append(keeper.Id.ToString()).ToHashSet();
        foreach (var cursor in (string[])[ofProfile, ofBoard, CursorOf(await owner.GetAsync(profile))])
            Leaks.Find(new Answer(HttpStatusCode.OK, [], cursor, new Dictionary<string, string>()), "", ids)
                .ShouldBeEmpty("of whose list and which pin it is");
        CursorOf(await visitor.GetAsync(profile)).Length.ShouldBe(ofProfile.Length);

        (await visitor.GetAsync($"{profile}?cursor={ofProfile}")).ShouldBe(HttpStatusCode.OK, "Boat 0");
        foreach (var foreign in (string[])
            [
                $"{board}?cursor={ofProfile}", $"{profile}?cursor={ofBoard}",
                $"{board}?section={keeper.Public[1]}&cursor={ofBoard}",
                $"{profile}?cursor={CursorOf(await owner.GetAsync(profile))}",
                $"{profile}?cursor={ofProfile[..^1]}", $"{profile}?cursor=x",
            ])
            (await visitor.GetAsync(foreign)).ShouldBe(HttpStatusCode.BadRequest, "Begin at the top.");
        for (var at = 0; at < ofProfile.Length; at += 7)
        {
            var other = ofProfile[at] == 'A' ? 'B' : 'A';
            (await visitor.GetAsync($"{profile}?cursor={ofProfile[..at]}{other}{ofProfile[(at + 1)..]}"))
                .ShouldBe(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task EveryProcessOfAnInstallationOpensIt()
    {
        await using var place = Place.Embedded();
        string cursor;
        await using (var first = await Site.StartAsync(place, follows: true))
        {
            await Keeper.MakeAsync(first, "keeper", new Random(7), withSecrets: false);
            using var visitor = await Visitor.NobodyAsync(first);
            cursor = CursorOf(await visitor.GetAsync("/keeper"));
        }
        await using var second = await Site.StartAsync(place, follows: false);
        using var later = await Visitor.NobodyAsync(second);
        (await later.GetAsync($"/keeper?cursor={cursor}")).ShouldBe(HttpStatusCode.OK, "Boat 0");
    }

    static string CursorOf(Answer page) => Cursor().Match(page.Text).Groups[1].Value;

    [GeneratedRegex("[?&;]cursor=([A-Za-z0-9_-]+)")]
    private static partial Regex Cursor();
}
