
namespace Pinfold.Sharding.Engines;

/// <summary>One question to one shard; the engine writes the answer into it.</summary>
abstract class ShardRead(ShardId shard)
{
    public ShardId Shard { get; } = shard;

    /// <summary>Whether it is answered fast enough to share a round trip with reads of others.</summary>
    public virtual bool MayShare => false;

    /// <summary>Takes back what an engine has answered so far: it is asked again.</summary>
    public abstract void Forget();

    /// <summary>
    /// The same question without an answer, for a round trip whose end the asker may not wait for. Only for what may
    /// share one.
    /// </summary>
    public virtual ShardRead Again() => throw new NotSupportedException($"{GetType().Name} shares no round trip.");

    /// <summary>Takes the answer of what <see cref="Again"/> gave.</summary>
    public virtual void TakeAnswer(ShardRead answered) =>
        throw new NotSupportedException($"{GetType().Name} shares no round trip.");
}

/// <summary>
/// Objects of one type by local id: <see cref="Rows"/> answers <see cref="Locals"/> place by place; null is missing.
/// </summary>
sealed class ObjectsRead(ShardId shard, ObjectType type, long[] locals) : ShardRead(shard)
{
    public ObjectType Type { get; } = type;

    public long[] Locals { get; } = locals;

    public ObjectRow?[] Rows { get; private set; } = new ObjectRow?[locals.Length];

    public override bool MayShare => Locals.Length <= 16;

    public override ShardRead Again()
    {
        var again = (ObjectsRead)MemberwiseClone();
        again.Rows = new ObjectRow?[Locals.Length];
        return again;
    }

    public override void TakeAnswer(ShardRead answered) => Rows = ((ObjectsRead)answered).Rows;

    /// <summary>Puts a row at each place that asked for it.</summary>
    public void Answer(ObjectRow row)
    {
        for (var i = 0; i < Locals.Length; i++)
            if (Locals[i] == row.Local)
                Rows[i] = row;
    }

    public override void Forget() => Array.Clear(Rows);
}

/// <summary>
/// The objects of one type that are there, by local id, beyond <see cref="After"/>: at most <see cref="Limit"/>.
/// </summary>
sealed class ScanRead(ShardId shard, ObjectType type, long after, int limit) : ShardRead(shard)
{
    public ObjectType Type { get; } = type;

    public long After { get; } = after;

    public int Limit { get; } = limit;

    public List<ObjectRow> Rows { get; } = [];

    /// <summary>As <see cref="PageRead.Order"/>.</summary>
    public void Order() => Rows.Sort((a, b) => a.Local.CompareTo(b.Local));

    public override void Forget() => Rows.Clear();
}

/// <summary>
/// One page of a mapping from one object, by keyset; asks for one entry more than <see cref="Limit"/> to know of a next
/// page.
/// </summary>
sealed class PageRead(ShardId shard, Mapping mapping, ObjectId from, PageRequest request) : ShardRead(shard)
{
    public Mapping Mapping { get; } = mapping;

    public ObjectId From { get; } = from;

    public PageRequest Request { get; } = request;

    public PagePosition? After { get; } = request.PositionIn(mapping, from);

    public int Limit => Request.Limit;

    public List<EntryRow> Rows { get; private set; } = [];

    public override bool MayShare => true;

    public override ShardRead Again()
    {
        var again = (PageRead)MemberwiseClone();
        again.Rows = [];
        return again;
    }

    public override void TakeAnswer(ShardRead answered) => Rows = ((PageRead)answered).Rows;

    /// <summary>
    /// A server that answers several reads in one statement keeps the order of each, and promises nothing; the next
    /// page depends on it.
    /// </summary>
    public void Order()
    {
        var sign = Request.NewestFirst ? -1 : 1;
        for (var i = 1; i < Rows.Count; i++)
            if (Compare(Rows[i - 1], Rows[i]) > 0)
            {
                Rows.Sort(Compare);
                return;
            }

        int Compare(EntryRow a, EntryRow b) =>
            sign * (a.Sequence == b.Sequence ? a.To.CompareTo(b.To) : a.Sequence.CompareTo(b.Sequence));
    }

    public override void Forget() => Rows.Clear();
}

/// <summary>The entries from one object to given others.</summary>
sealed class EntriesRead(ShardId shard, Mapping mapping, ObjectId from, IReadOnlyList<ObjectId> to) : ShardRead(shard)
{
    public Mapping Mapping { get; } = mapping;

    public ObjectId From { get; } = from;

    public IReadOnlyList<ObjectId> To { get; } = to;

    public List<EntryRow> Rows { get; private set; } = [];

    public override bool MayShare => To.Count <= 200;

    public override ShardRead Again()
    {
        var again = (EntriesRead)MemberwiseClone();
        again.Rows = [];
        return again;
    }

    public override void TakeAnswer(ShardRead answered) => Rows = ((EntriesRead)answered).Rows;

    public override void Forget() => Rows.Clear();
}

/// <summary>How many entries there are from one object.</summary>
sealed class CountRead(ShardId shard, Mapping mapping, ObjectId from) : ShardRead(shard)
{
    public Mapping Mapping { get; } = mapping;

    public ObjectId From { get; } = from;

    public long Count { get; set; }

    public override bool MayShare => true;

    public override ShardRead Again()
    {
        var again = (CountRead)MemberwiseClone();
        again.Count = 0;
        return again;
    }

    public override void TakeAnswer(ShardRead answered) => Count = ((CountRead)answered).Count;

    public override void Forget() => Count = 0;
}

/// <summary>One name on its name shard; null if nobody has it.</summary>
sealed class NameRead(ShardId shard, byte kind, byte[] name) : ShardRead(shard)
{
    public byte Kind { get; } = kind;

    public byte[] Name { get; } = name;

    public NameRow? Row { get; set; }

    public override void Forget() => Row = null;
}

/// <summary>Reservations that are older than a moment, oldest first.</summary>
sealed class OldReservationsRead(ShardId shard, DateTimeOffset before, int limit) : ShardRead(shard)
{
    public DateTimeOffset Before { get; } = before;

    public int Limit { get; } = limit;

    public List<NameRow> Rows { get; } = [];

    public override void Forget() => Rows.Clear();
}

/// <summary>The shard's own row; null if it is missing.</summary>
sealed class ShardRowRead(ShardId shard) : ShardRead(shard)
{
    public ShardRow? Row { get; set; }

    public override void Forget() => Row = null;
}

/// <summary>
/// What the shard's server is set to, for all of its shards; null for an engine that has no such settings.
/// </summary>
sealed class ServerLimitsRead(ShardId shard) : ShardRead(shard)
{
    public ServerLimits? Limits { get; set; }

    public override void Forget() => Limits = null;
}

/// <summary>What became of a transaction: null if its id is not in the journal.</summary>
sealed class TransactionRead(ShardId shard, TransactionId id) : ShardRead(shard)
{
    public TransactionId Id { get; } = id;

    public CommitReceipt? Receipt { get; set; }

    public override void Forget() => Receipt = null;
}

/// <summary>Journal rows after a number, in order.</summary>
sealed class JournalRead(ShardId shard, long after, int limit) : ShardRead(shard)
{
    public long After { get; } = after;

    public int Limit { get; } = limit;

    public List<JournalRow> Rows { get; } = [];

    public override void Forget() => Rows.Clear();
}

/// <summary>An object as stored. <paramref name="Seq"/> is the journal number that wrote it.</summary>
sealed record ObjectRow(long Local, long Version, long Seq, byte[] Body);

/// <summary>An entry of a mapping as stored.</summary>
readonly record struct EntryRow(ObjectId To, long Sequence, byte[] Body);

/// <summary>A name as stored; <paramref name="Owner"/> is none while it is only reserved.</summary>
sealed record NameRow(
    byte Kind, byte[] Name, ObjectId Owner, ShardId OwnerShard, TransactionId OwnerTransaction, DateTimeOffset At);

/// <summary>A shard's own row.</summary>
sealed record ShardRow(long Epoch, ShardState State, long LastSeq, long LastLocalId);

/// <summary>How many tables, files and connections a server keeps open at most.</summary>
sealed record ServerLimits(
    long TableOpenCache, long TableDefinitionCache, long InnodbOpenFiles, long OpenFilesLimit, long MaxConnections);

/// <summary>A row of the journal as stored.</summary>
sealed record JournalRow(long Seq, TransactionId Transaction, DateTimeOffset At, long LocalBase, byte[] Entries)
{
    /// <summary>About how many bytes a row takes beside its entries, its two keys included.</summary>
    public const int BytesBeside = 80;
}
