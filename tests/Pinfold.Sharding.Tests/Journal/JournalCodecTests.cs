using System.Text;
using CsCheck;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Journal;

public sealed class JournalCodecTests
{
    const long LocalBase = 1000;
    static readonly ShardId Shard = new(42);
    static readonly ObjectId Board = ObjectId.Parse("241294561224164665"), Pin = ObjectId.Parse("241294492511762325");

    static readonly Gen<ObjectId> Ids =
        from shard in Gen.Int[0, 65535]
        from type in Gen.Int[1, ObjectId.TypeMax]
        from local in Gen.Long[1, ObjectId.LocalMax]
        select new ObjectId(new ShardId(shard), type, local);

    static readonly Gen<IdOrNew> IdsOrNew = Gen.OneOf(
        Ids.Select(id => (IdOrNew)id), Gen.Const(default(IdOrNew)),
        Gen.Select(Gen.Int[1, ObjectId.TypeMax], Gen.Int[1, 10_000])
            .Select(n => new IdOrNew(default, Shard, n.Item1, n.Item2)));

    // Any text that is one: JSON has no half of a surrogate pair.
    static readonly Gen<string?> Texts = Gen.Null(Gen.OneOf(
        Gen.String, Gen.String[Gen.Char["\"\\\0\n+:<\u001aé\u2028"], 0, 20], Gen.Const("🐿️"))
        .Select(t => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(t))));

    static readonly Gen<JournalCodec.Draft> Drafts =
        from kind in Gen.Enum<JournalEntryKind>()
        from id in IdsOrNew
        from mapping in Gen.OneOf(Gen.Const(0), Gen.Int[1, short.MaxValue])
        from to in IdsOrNew
        from sequence in Gen.Long
        from texts in Gen.Select(Texts, Texts)
        from nameKind in Gen.Byte
        select new JournalCodec.Draft(
            kind, id, mapping, mapping == 0 ? default : to, mapping == 0 ? 0 : sequence,
            texts.Item1, nameKind, texts.Item2);

    [Fact]
    public void WhatIsReadIsWhatWasWrittenWithNewIdsResolved() => Drafts.List[0, 12].Sample(drafts =>
    {
        var transaction = JournalCodec.Decode(Shard, RowOf(JournalCodec.Encode(drafts)));

        transaction.Entries.ShouldBe(drafts.Select(d => new JournalEntry(
            d.Kind, d.Id.Resolve(LocalBase), d.Mapping, d.To.Resolve(LocalBase), d.Sequence, d.Name, d.NameKind,
            d.Payload)));
    });

    [Fact]
    public void WhatIsWrittenIsReadableWithAnySqlClient() =>
        Encoding.UTF8.GetString(JournalCodec.Encode(
        [
            new(JournalEntryKind.Created, new IdOrNew(default, Shard, 1, 2)),
            new(JournalEntryKind.Mapped, Board, 7, Pin, -3),
        ])).ShouldBe(
            "[{\"k\":\"create\",\"i\":\"+2:1\"}," +
            "{\"k\":\"map\",\"i\":\"241294561224164665\",\"m\":7,\"t\":\"241294492511762325\",\"s\":-3}]");

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("""[{"k":"create","i":""}]""")]
    [InlineData("""[{"k":"create","i":"0"}]""")]
    [InlineData("""[{"k":"create","i":null}]""")]
    [InlineData("""[{"k":"create","i":"+1"}]""")]
    [InlineData("""[{"k":"create","i":"+99999999999:1"}]""")]
    [InlineData("""[{"k":"create","i":"+1:0"}]""")]
    [InlineData("""[{"k":"map","i":"241294561224164665","m":99999999999}]""")]
    [InlineData("""[{"k":"create","i":"+1:2"}""")]
    public void ADamagedRowIsReportedWithItsShardAndNumber(string entries)
    {
        var error = Should.Throw<PinfoldException>(() =>
            JournalCodec.Decode(Shard, RowOf(Encoding.UTF8.GetBytes(entries))));

        error.Kind.ShouldBe(ErrorKind.Corrupt);
        error.Shard.ShouldBe(Shard);
        error.Message.ShouldContain("row 7");
    }

    static JournalRow RowOf(byte[] entries) =>
        new(7, new TransactionId(Guid.NewGuid()), DateTimeOffset.UnixEpoch, LocalBase, entries);
}
