using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>Draws commits that mostly can be done on a shard such as the model, and sometimes cannot.</summary>
sealed class RandomCommit(Random random, ModelOfAShard model)
{
    // Few of everything, so that commits meet.
    public static readonly byte[][] Names = ["ada"u8.ToArray(), "bob"u8.ToArray(), [0, 39, 92]];

    static readonly TransactionId[] Owners =
        [.. Enumerable.Range(1, 3).Select(i => new TransactionId(new Guid(i, 0, 0, new byte[8])))];

    /// <summary>A new one; rarely with the last transaction once more, or of another epoch.</summary>
    public ShardCommit Draw(PendingTransaction? last)
    {
        var transactions = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Transaction()).ToList();
        if (last is not null && random.Next(20) == 0)
            transactions[^1] = last;
        return new ShardCommit(model.Shard, random.Next(20) == 0 ? 2 : 1, transactions);
    }

    PendingTransaction Transaction()
    {
        var operations = new List<WriteOperation>();
        for (var left = random.Next(7); left > 0; left--)
            operations.Add(random.Next(17) switch
            {
                0 or 1 or 2 => new CreateObject(Type(), operations.Count(o => o is CreateObject) + 1, Bytes()),
                3 or 4 or 5 when Change() is { } change => change,
                6 or 7 or 8 => Put(operations),
                9 => Remove(),
                10 or 11 or 12 => Reverse(),
                13 or 14 when Condition() is { } condition => condition,
                _ => NameChange(operations),
            });
        return TestShards.NewOn(model.Shard, [.. operations]);
    }

    /// <summary>To one that lives, if any does; rarely to whatever number, or expecting another version.</summary>
    WriteOperation? Change()
    {
        var type = Type();
        var alive = model.Things.Where(t => t.Key.Type == type.Number && t.Value.State == 0)
            .Select(t => t.Key.Local).Order().ToList();
        if (alive.Count == 0)
            return null;
        var local = random.Next(100) == 0 ? Anything() : alive[random.Next(alive.Count)];
        long? version = random.Next(30) == 0 ? 99
            : random.Next(3) == 0 ? null
            : model.Things.GetValueOrDefault((type.Number, local))?.Version ?? 1;
        return random.Next(3) > 0
            ? new UpdateObject(type, local, version, Bytes())
            : new DeleteObject(type, local, version, Erase: random.Next(2) == 0);
    }

    /// <summary>Mostly one that holds before the commit.</summary>
    WriteOperation? Condition()
    {
        if (random.Next(2) == 0)
            return Change() switch
            {
                UpdateObject update => new RequireObject(update.Type, update.Local, update.ExpectedVersion),
                DeleteObject delete => new RequireObject(delete.Type, delete.Local, delete.ExpectedVersion),
                _ => null,
            };
        Mapping mapping = random.Next(2) == 0 ? AnyMapping() : BoardFollowedByBoards;
        var (from, to) = (Old(Board.Type), Old(ToOf(mapping)));
        var list = model.ListOf(mapping, from);
        var isWrong = random.Next(40) == 0;
        if (random.Next(2) == 0)
            return new RequireEntry(
                mapping, from, to, list.TryGetValue(to, out var entry) != isWrong,
                list.ContainsKey(to) && !isWrong && random.Next(2) == 0 ? entry.Sequence : null);
        return list.Count < 2 || isWrong ? new RequireAtMost(mapping, from, Math.Min(list.Count, 1)) : null;
    }

    /// <summary>
    /// A number that was given or will not be: nobody can know one that the commit itself is to give.
    /// </summary>
    long Anything() => random.Next(2) == 0 ? 1_000_000 : random.NextInt64(1, model.LastLocal + 1);

    PutEntry Put(List<WriteOperation> before)
    {
        var mapping = AnyMapping();
        var (from, to) = (End(Board.Type, before), End(ToOf(mapping), before));
        return new PutEntry(mapping, from, to, random.Next(-3, 4), Bytes());
    }

    static ObjectType ToOf(Mapping mapping) => Model.Types.Single(type => type.BodyType == mapping.ToBody);

    RemoveEntry Remove()
    {
        var mapping = AnyMapping();
        return new RemoveEntry(mapping, Old(Board.Type), Old(ToOf(mapping)));
    }

    /// <summary>By a change that is newer than what is known, as new, or older; now or a while ago.</summary>
    ReverseEntry Reverse() => new(
        BoardFollowedByBoards, Old(Board.Type), Old(Board.Type), random.Next(2) == 0, random.Next(-3, 4),
        random.Next(1, 30), DateTimeOffset.UnixEpoch.AddYears(50).AddHours(random.Next(20)));

    WriteOperation NameChange(List<WriteOperation> before)
    {
        var (kind, name) = ((byte)random.Next(1, 3), Names[random.Next(Names.Length)]);
        var owner = Owners[random.Next(Owners.Length)];
        var isFree = !model.Names.ContainsKey((kind, ModelOfAShard.Hex(name)));
        return random.Next(4) switch
        {
            0 when isFree || random.Next(5) == 0 =>
                new ReserveName(kind, name, model.Shard, owner, DateTimeOffset.UnixEpoch),
            1 => new ReleaseName(
                kind, name, random.Next(3) == 0 ? null : owner, random.Next(2) == 0 ? default : Old(Board.Type)),
            _ => new ConfirmName(kind, name, owner, End(Board.Type, before)),
        };
    }

    /// <summary>An object that the transaction makes, or an old one, or one that is yet to be.</summary>
    IdOrNew End(ObjectType type, List<WriteOperation> before)
    {
        var ordinals = before.OfType<CreateObject>().Where(c => c.Type == type).Select(c => c.Ordinal).ToList();
        return ordinals.Count > 0 && random.Next(2) == 0
            ? new IdOrNew(default, model.Shard, type.Number, ordinals[random.Next(ordinals.Count)])
            : Old(type);
    }

    ObjectId Old(ObjectType type) => new(model.Shard, type.Number, random.Next(1, 8));

    ObjectType Type() => random.Next(2) == 0 ? Pin.Type : Board.Type;

    Mapping AnyMapping() => random.Next(3) == 0 ? BoardFollowsBoards : BoardHasPins;

    byte[] Bytes()
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }
}
