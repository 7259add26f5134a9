using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Catalog;

/// <summary>What a server has to do for the catalog.</summary>
public sealed class CatalogContractTests
{
    [Theory, EveryEngine]
    public async Task ACatalogThatNobodyWroteToHasNothing(string engine)
    {
        await using var catalog = await TestCatalog.StartAsync(engine);
        (await ThingsAsync(catalog.Database)).ShouldBeEmpty();
    }

    [Theory, EveryEngine]
    public async Task AChangeIsWholeOrNothing(string engine)
    {
        await using var catalog = await TestCatalog.StartAsync(engine);
        (await catalog.Database.ChangeAsync([Claim(catalog, "a", "one"), Claim(catalog, "b", "one")], default))
            .ShouldBeNull();
        (await catalog.Database.ChangeAsync([Claim(catalog, "c", "two"), Claim(catalog, "b", "two")], default))
            .ShouldBe(1);
        (await ThingsAsync(catalog.Database)).ShouldBe(["a one", "b one"]);
    }

    [Theory, EveryEngine]
    public async Task AStatementThatFindsOtherRowsUndoesAll(string engine)
    {
        await using var catalog = await TestCatalog.StartAsync(engine);
        await catalog.Database.ChangeAsync([Claim(catalog, "a", "one")], default);
        var nobody = new CatalogStatement(
            $"UPDATE {catalog.Database.Before}claims SET operation=@p0 WHERE thing=@p1", ["two", "z"]);
        (await catalog.Database.ChangeAsync([Claim(catalog, "b", "two"), nobody], default)).ShouldBe(1);
        (await catalog.Database.ChangeAsync([nobody with { Rows = 0 }, Claim(catalog, "c", "two")], default))
            .ShouldBeNull();
        (await catalog.Database.ChangeAsync([nobody with { Rows = null }], default)).ShouldBeNull();
        (await ThingsAsync(catalog.Database)).ShouldBe(["a one", "c two"]);
    }

    [Theory, EveryEngine]
    public async Task WhatOneProcessWritesAnotherReads(string engine)
    {
        await using var catalog = await TestCatalog.StartAsync(engine);
        await using var other = catalog.OpenAgain();
        await catalog.Database.ChangeAsync([Claim(catalog, "a", "ü€😀")], default);
        (await ThingsAsync(other.Catalog)).ShouldBe(["a ü€😀"]);
    }

    [Theory, EveryEngine]
    public async Task OfTwoThatClaimTheSameOneDoes(string engine)
    {
        await using var catalog = await TestCatalog.StartAsync(engine);
        await using var other = catalog.OpenAgain();
        await catalog.SqlAsync("DELETE FROM {0}claims");
        for (var i = 0; i < 20; i++)
        {
            var thing = $"{i}";
            var took = await Task.WhenAll(new[] { catalog.Database, other.Catalog }.Select(database => Task.Run(
                async () => await database.ChangeAsync([Claim(catalog, thing, "x")], default))));
            took.Count(refused => refused is null).ShouldBe(1);
        }
    }

    [Theory, EveryEngine]
    public async Task ItsClockRuns(string engine)
    {
        await using var catalog = await TestCatalog.StartAsync(engine);
        await catalog.SqlAsync("DELETE FROM {0}claims");
        var before = DateTimeOffset.UnixEpoch;
        var now = (await catalog.Database.QueryAsync(
            $"SELECT {catalog.Database.NowMs}", [], row => row.GetInt64(0), default)).Single();
        DateTimeOffset.FromUnixTimeMilliseconds(now).ShouldBeGreaterThan(before.AddYears(50));
    }

    static CatalogStatement Claim(TestCatalog catalog, string thing, string operation) => new(
        $"INSERT INTO {catalog.Database.Before}claims(thing,operation)VALUES(@p0,@p1)", [thing, operation]);

    static async Task<IReadOnlyList<string>> ThingsAsync(ICatalogDatabase database) => await database.QueryAsync(
        $"SELECT thing,operation FROM {database.Before}claims ORDER BY thing", [],
        row => $"{row.GetString(0)} {row.GetString(1)}", default);
}
