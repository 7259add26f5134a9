using System.Collections.Immutable;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>
/// What a shard should hold, as plainly as it can be said; a commit gives the next state and leaves this one.
/// </summary>
sealed record ModelOfAShard(ShardId Shard, long Epoch)
{
    public sealed record Thing(long Version, long Seq, int State, string Body);

    public sealed record Name(ObjectId Owner, TransactionId Transaction);

    public bool IsOpen { get; init; } = true;

    public long LastSeq { get; init; }

    public long LastLocal { get; init; }

    public ImmutableDictionary<(int Type, long Local), Thing> Things { get; init; } =
        ImmutableDictionary<(int, long), Thing>.Empty;

    public ImmutableDictionary<(int Mapping, ObjectId From),
        ImmutableDictionary<ObjectId, (long Sequence, string Body)>> Lists
    { get; init; } =
        ImmutableDictionary<(int, ObjectId), ImmutableDictionary<ObjectId, (long, string)>>.Empty;

    /// <summary>The newest change of each pair of a reverse mapping.</summary>
    public ImmutableDictionary<(ObjectId From, ObjectId To), long> Numbers { get; init; } =
        ImmutableDictionary<(ObjectId, ObjectId), long>.Empty;

    public ImmutableDictionary<(byte Kind, string Name), Name> Names { get; init; } =
        ImmutableDictionary<(byte, string), Name>.Empty;

    public ImmutableDictionary<TransactionId, CommitReceipt> Journal { get; init; } =
        ImmutableDictionary<TransactionId, CommitReceipt>.Empty;

    public ImmutableDictionary<ObjectId, (long Sequence, string Body)> ListOf(Mapping mapping, ObjectId from) =>
        Lists.GetValueOrDefault((mapping.Number, from), ImmutableDictionary<ObjectId, (long, string)>.Empty);

    /// <summary>
    /// The state after it, and every reason for which it may be refused; with one of them nothing changes.
    /// </summary>
    public (ModelOfAShard Next, HashSet<CommitFailure> Failures) Commit(ShardCommit commit)
    {
        var failures = new HashSet<CommitFailure>();
        if (!IsOpen || commit.Epoch != Epoch)
            return (this, [CommitFailure.Fenced]);
        var next = this;
        foreach (var transaction in commit.Transactions)
        {
            var receipt = new CommitReceipt(next.LastSeq + 1, next.LastLocal);
            if (next.Journal.ContainsKey(transaction.Id))
                return (this, [CommitFailure.AlreadyCommitted]);
            next = next with { LastSeq = receipt.Seq, Journal = next.Journal.Add(transaction.Id, receipt) };
            if (!transaction.Operations.All(next.Holds))
                failures.Add(CommitFailure.Precondition);
            foreach (var operation in transaction.Operations)
                next = next.Apply(operation, receipt, failures);
            next = next with { LastLocal = receipt.LocalBase + transaction.NewObjects };
        }
        return (failures.Count == 0 ? next : this, failures);
    }

    bool Holds(WriteOperation condition) => condition switch
    {
        RequireObject required => Things.TryGetValue((required.Type.Number, required.Local), out var thing)
            && thing.State == 0 && (required.ExpectedVersion ?? thing.Version) == thing.Version,
        RequireAtMost list => ListOf(list.Mapping, list.From).Count <= list.EntriesMax,
        RequireEntry pair => ListOf(pair.Mapping, pair.From).TryGetValue(pair.To, out var entry) == pair.IsThere
            && (!pair.IsThere || (pair.Sequence ?? entry.Sequence) == entry.Sequence),
        _ => true,
    };

    ModelOfAShard Apply(WriteOperation operation, CommitReceipt receipt, HashSet<CommitFailure> failures)
    {
        switch (operation)
        {
            case RequireObject or RequireAtMost or RequireEntry:
                return this;
            case CreateObject create:
                var made = (create.Type.Number, receipt.LocalBase + create.Ordinal);
                return this with { Things = Things.Add(made, new(1, receipt.Seq, 0, Hex(create.Body))) };
            case UpdateObject update:
                return Touch(update.Type, update.Local, update.ExpectedVersion, t => t.State == 0,
                    t => t with { Body = Hex(update.Body) }, receipt, failures);
            case DeleteObject { Erase: true } erase:
                return Touch(erase.Type, erase.Local, erase.ExpectedVersion, t => t.State < 2,
                    t => t with { State = 2, Body = "7B7D" }, receipt, failures);
            case DeleteObject delete:
                return Touch(delete.Type, delete.Local, delete.ExpectedVersion, t => t.State == 0,
                    t => t with { State = 1 }, receipt, failures);
            case PutEntry put:
                var from = put.From.Resolve(receipt.LocalBase);
                var to = put.To.Resolve(receipt.LocalBase);
                var list = ListOf(put.Mapping, from);
                return this with
                {
                    Lists = Lists.SetItem(
                        (put.Mapping.Number, from), list.SetItem(to, (put.Sequence, Hex(put.Body)))),
                };
            case RemoveEntry remove:
                var rest = ListOf(remove.Mapping, remove.From).Remove(remove.To);
                return this with { Lists = Lists.SetItem((remove.Mapping.Number, remove.From), rest) };
            case ReverseEntry reverse:
                return Reverse(reverse);
            case ReserveName reserve:
                if (Names.ContainsKey((reserve.Kind, Hex(reserve.Name))))
                    failures.Add(CommitFailure.NameTaken);
                var newcomer = new Name(default, reserve.OwnerTransaction);
                return this with { Names = Names.SetItem((reserve.Kind, Hex(reserve.Name)), newcomer) };
            case ConfirmName confirm:
                var confirmed = (confirm.Kind, Hex(confirm.Name));
                if (!Names.TryGetValue(confirmed, out var reserved) || reserved.Transaction != confirm.OwnerTransaction)
                    return this;
                var owned = reserved with { Owner = confirm.Owner.Resolve(receipt.LocalBase) };
                return this with { Names = Names.SetItem(confirmed, owned) };
            case ReleaseName release:
                return Names.TryGetValue((release.Kind, Hex(release.Name)), out var taken)
                    && (taken.Transaction == release.OwnerTransaction
                        || (!release.Owner.IsNone && taken.Owner == release.Owner))
                    ? this with { Names = Names.Remove((release.Kind, Hex(release.Name))) }
                    : this;
            default:
                throw new NotSupportedException(operation.GetType().Name);
        }
    }

    ModelOfAShard Reverse(ReverseEntry reverse)
    {
        var (list, pair) = ((reverse.Mapping.Number, reverse.From), (reverse.From, reverse.To));
        var before = ListOf(reverse.Mapping, reverse.From);
        return Numbers.GetValueOrDefault(pair) >= reverse.Number ? this : this with
        {
            Numbers = Numbers.SetItem(pair, reverse.Number),
            Lists = Lists.SetItem(list, reverse.IsThere
                ? before.SetItem(reverse.To, (reverse.Sequence, $"{reverse.Number:X16}"))
                : before.Remove(reverse.To)),
        };
    }

    ModelOfAShard Touch(
        ObjectType type, long local, long? version, Func<Thing, bool> isMet, Func<Thing, Thing> change,
        CommitReceipt receipt, HashSet<CommitFailure> failures)
    {
        var key = (type.Number, local);
        if (Things.TryGetValue(key, out var thing) && isMet(thing) && (version is null || version == thing.Version))
        {
            var changed = change(thing) with { Version = thing.Version + 1, Seq = receipt.Seq };
            return this with { Things = Things.SetItem(key, changed) };
        }
        failures.Add(CommitFailure.Precondition);
        return this;
    }

    public static string Hex(byte[] bytes) => Convert.ToHexString(bytes);
}
