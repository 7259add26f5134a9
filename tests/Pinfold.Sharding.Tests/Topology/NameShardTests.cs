using System.Text;
using Pinfold.Sharding.Topology;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Topology;

/// <summary>Names are stored by this hash: a test here that fails means that stored names would not be found.</summary>
public sealed class NameShardTests
{
    /// <summary>Bytes 0, 1, 2 … of this length, from the reference implementation's vectors of SipHash-2-4.</summary>
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(2, 0x0d6c8009d9a94f5a)]
    [InlineData(3, 0x85676696d7fb7e2d)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    [InlineData(16, 0x3f2acc7f57c29bdb)]
    [InlineData(63, 0x958a324ceb064572)]
    public void TheHashIsSipHash(int length, ulong hash) =>
        NameHash.Of([.. Enumerable.Range(0, length).Select(i => (byte)i)]).ShouldBe(hash);

    [Theory]
    [InlineData("username:ada", 2596)]
    [InlineData("email:ada@example.org", 579)]
    [InlineData("username:größe", 2820)]
    public void ANameHasOneShardForEver(string name, int shard) => Shard(name, 4096).ShouldBe(shard);

    [Fact]
    public void NamesStayBelowTheCountOfNameShardsAndSpreadOverAll() =>
        Enumerable.Range(0, 1000).Select(i => Shard($"username:user{i}", 8)).Distinct().Order()
            .ShouldBe(Enumerable.Range(0, 8));

    static int Shard(string name, int nameShards)
    {
        var map = TopologyMap.Create(1, 4096, [new SqliteServerSpec("a", "/a")],
            [new ShardRange(new ShardId(0), new ShardId(4095), "a")], nameShards);
        return map.NameShard(Encoding.UTF8.GetBytes(name)).Value;
    }
}
