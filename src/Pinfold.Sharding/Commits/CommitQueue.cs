using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Telemetry;

namespace Pinfold.Sharding.Commits;

/// <summary>
/// The writes of one process to one server. Writes that wait are committed together: those of one shard always (they
/// would queue for its row anyway), those of several shards where the engine can, in shard order so that no two commits
/// ever wait for each other. A commit that fails is taken apart, so one bad write costs its neighbours nothing but
/// time.
/// </summary>
sealed class CommitQueue(IShardServer server, CommitLimits limits, TimeProvider time, ShardingMetrics metrics)
{
    const int AttemptsMax = 6;
    const int SplitsMax = 3;
    readonly Lock _gate = new();
    readonly LinkedList<Waiting> _waiting = [];
    readonly HashSet<ShardId> _busy = [];
    ITimer? _timer;
    bool _isTimerSet;
    int _lanes;

    /// <summary>How many transactions wait now, those under way not counted.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>
    /// Completes when the transaction is committed. Fails with an exception that says whether it happened. Cancelled
    /// while it waits, it is not sent; once it is under way, <paramref name="cancellation"/> does nothing here.
    /// </summary>
    public Task<CommitReceipt> CommitAsync(
        PendingTransaction transaction, long epoch, CancellationToken cancellation = default)
    {
        var waiting = new Waiting(transaction, epoch, time.GetTimestamp(), cancellation);
        lock (_gate)
        {
            if (_waiting.Count >= limits.WaitingMax)
                throw new PinfoldException(ErrorKind.LimitExceeded,
                    $"{limits.WaitingMax} writes wait for server {server.Name} already; try again later.")
                {
                    Shard = transaction.Shard,
                };
            _waiting.AddLast(waiting);
            if (_lanes == limits.Lanes || _busy.Contains(transaction.Shard) || IsWorthWaiting())
                return waiting.Task;
            _lanes++;
        }
        _ = Task.Run(RunLaneAsync);
        return waiting.Task;
    }

    /// <summary>
    /// Whether the next commit of a lane is better than one more lane; the timer limits how long. Needs the lock.
    /// </summary>
    bool IsWorthWaiting()
    {
        if (!server.CommitsAcrossShards || _lanes == 0 || _waiting.Count > limits.WaitingPerLane * _lanes)
            return false;
        if (!_isTimerSet)
            SetTimer();
        return true;
    }

    void SetTimer()
    {
        _isTimerSet = true;
        _timer ??= time.CreateTimer(static queue => ((CommitQueue)queue!).OnPatienceOver(), this,
            Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(limits.Patience, Timeout.InfiniteTimeSpan);
    }

    void OnPatienceOver()
    {
        lock (_gate)
        {
            _isTimerSet = false;
            if (_lanes is 0 || _lanes == limits.Lanes || _waiting.First is not { Value: var oldest })
                return;
            if (time.GetElapsedTime(oldest.Since) < limits.Patience)
            {
                SetTimer();
                return;
            }
            _lanes++;
        }
        _ = Task.Run(RunLaneAsync);
    }

    async Task RunLaneAsync()
    {
        while (TakeGroup() is { Count: > 0 } group)
        {
            try
            {
                await CommitGroupAsync(group);
            }
            catch (Exception e)
            {
                foreach (var waiting in group)
                    waiting.TrySetException(new PinfoldException(ErrorKind.OutcomeUnknown,
                        $"A write to shard {waiting.Transaction.Shard} failed unexpectedly: {e.Message}", e));
            }
            finally
            {
                lock (_gate)
                    foreach (var waiting in group)
                        _busy.Remove(waiting.Transaction.Shard);
            }
            // Those who were just answered may write again at once: what they send is to be in the next commit.
            if (group.Count > 1)
                await Task.Yield();
        }
    }

    /// <summary>
    /// The longest waiting writes that are still wanted and whose shard no other lane is writing to; ends the lane if
    /// there are none. What it takes is sent.
    /// </summary>
    List<Waiting> TakeGroup()
    {
        var group = new List<Waiting>();
        var bytes = 0;
        lock (_gate)
        {
            for (var node = _waiting.First; node is not null && group.Count < limits.TransactionsMax;)
            {
                var (waiting, next) = (node.Value, node.Next);
                var shard = waiting.Transaction.Shard;
                var fits = group.Count == 0 || (bytes + waiting.Transaction.Size <= limits.BytesMax
                    && (server.CommitsAcrossShards || shard == group[0].Transaction.Shard)
                    && group.All(g => g.Transaction.Shard != shard || g.Epoch == waiting.Epoch));
                if (fits && !_busy.Contains(shard))
                {
                    _waiting.Remove(node);
                    if (IsStillWanted(waiting))
                    {
                        group.Add(waiting);
                        bytes += waiting.Transaction.Size;
                    }
                }
                else if (!fits && group.Count > 0 && bytes + waiting.Transaction.Size > limits.BytesMax)
                    break;
                node = next;
            }
            foreach (var waiting in group)
                _busy.Add(waiting.Transaction.Shard);
            if (group.Count == 0)
                _lanes--;
        }
        return group;
    }

    /// <summary>Whether a write is to be sent; if not, it is told so. May be called under the lock.</summary>
    bool IsStillWanted(Waiting write)
    {
        if (write.Cancellation.IsCancellationRequested)
            return !write.TrySetCanceled(write.Cancellation);
        return IsInTime(write) || !write.TrySetException(TooLate(write));
    }

    bool IsInTime(Waiting write) => time.GetElapsedTime(write.Since) < limits.Deadline;

    PinfoldException TooLate(Waiting write) => new(ErrorKind.DeadlineExceeded,
        $"A write to shard {write.Transaction.Shard} waited {limits.Deadline.TotalSeconds} s for server {server.Name} "
        + "and was not sent. Nothing was changed.") { Shard = write.Transaction.Shard };

    async Task CommitGroupAsync(List<Waiting> group)
    {
        metrics.CommitSize(server.Name, group.Count);
        if (group.Count > 1)
            group = [.. group.OrderBy(static w => w.Transaction.Shard)];
        CommitFailedException? lost = null;
        for (var splits = 0; group.Count > 1; splits++)
        {
            var commits = Commits(group);
            try
            {
                var receipts = await SendAsync(commits);
                for (var i = 0; i < receipts.Length; i++)
                    group[i].TrySetResult(receipts[i]);
                return;
            }
            catch (CommitFailedException e)
            {
                // One of them is at fault, or the answer was lost. If it is known which, the others go on without it;
                // else each is tried alone, under its own id.
                metrics.CommitTakenApart(server.Name);
                lost = e.Failure == CommitFailure.Unknown ? e : null;
                if (e.At is not { } at || lost is not null || splits == SplitsMax)
                    break;
                foreach (var write in group.FindAll(w => w.Transaction.Shard == commits[at].Shard))
                    await CommitOneAsync(write, lost: null);
                group = group.FindAll(w => w.Transaction.Shard != commits[at].Shard);
            }
        }
        foreach (var write in group)
            await CommitOneAsync(write, lost);
    }

    /// <summary>The writes of a group, which stand in shard order, by shard.</summary>
    static List<ShardCommit> Commits(List<Waiting> group)
    {
        var commits = new List<ShardCommit>(group.Count);
        for (int start = 0, end; start < group.Count; start = end)
        {
            var (shard, epoch) = (group[start].Transaction.Shard, group[start].Epoch);
            var transactions = new List<PendingTransaction>(1);
            for (end = start; end < group.Count && group[end].Transaction.Shard == shard; end++)
                transactions.Add(group[end].Transaction);
            commits.Add(new ShardCommit(shard, epoch, transactions));
        }
        return commits;
    }

    /// <summary>
    /// Tries until the fate is known or time is up. The transaction id makes trying again safe: the journal takes it
    /// once. After an attempt of unknown fate a later refusal is not the end: that attempt may be the reason, or may
    /// still come.
    /// </summary>
    async Task CommitOneAsync(Waiting write, CommitFailedException? lost)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (lost is null ? attempt > 1 && !IsStillWanted(write) : !IsInTime(write))
            {
                if (lost is not null)
                    write.TrySetException(await ToExceptionAsync(write, lost, isFateUnknown: true));
                return;
            }
            try
            {
                var receipts = await SendAsync(
                    [new ShardCommit(write.Transaction.Shard, write.Epoch, [write.Transaction])]);
                write.TrySetResult(receipts[0]);
                return;
            }
            catch (CommitFailedException e)
            {
                if (e.Failure is CommitFailure.Unknown or CommitFailure.AlreadyCommitted)
                    lost = e;
                var fate = lost is null ? (IsKnown: true, Receipt: null) : await SettleAsync(write, e.Failure);
                if (fate.Receipt is { } receipt)
                {
                    write.TrySetResult(receipt);
                    return;
                }
                var isOpen = e.Failure is CommitFailure.NotSent || !fate.IsKnown;
                if (!isOpen || attempt >= AttemptsMax)
                {
                    write.TrySetException(await ToExceptionAsync(write, e, isFateUnknown: !fate.IsKnown));
                    return;
                }
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10 << attempt), time);
        }
    }

    /// <summary>
    /// After an attempt of unknown fate and a later one that failed so: what became of the write for good. A refusal is
    /// final only when the id is used up, for the first attempt may still be on its way. The fence needs no such
    /// thing: it refuses that attempt too.
    /// </summary>
    async Task<(bool IsKnown, CommitReceipt? Receipt)> SettleAsync(Waiting write, CommitFailure failure)
    {
        var transaction = write.Transaction;
        switch (failure)
        {
            case CommitFailure.Unknown or CommitFailure.NotSent:
                return (false, null);
            case CommitFailure.AlreadyCommitted or CommitFailure.Fenced:
                return await FindFateAsync(transaction);
        }
        var abandoned = transaction with
        {
            Operations = [],
            NewObjects = 0,
            Entries = JournalCodec.Abandoned.ToArray(),
        };
        try
        {
            await SendAsync([new ShardCommit(transaction.Shard, write.Epoch, [abandoned])]);
            return (true, null);
        }
        catch (CommitFailedException e)
        {
            return e.Failure == CommitFailure.AlreadyCommitted ? await FindFateAsync(transaction) : (false, null);
        }
    }

    async Task<CommitReceipt[]> SendAsync(IReadOnlyList<ShardCommit> commits)
    {
        using var activity = ShardingTelemetry.Source.StartActivity("pinfold.commit");
        activity?.SetTag("pinfold.server", server.Name);
        var start = time.GetTimestamp();
        try
        {
            var receipts = await server.CommitAsync(commits, CancellationToken.None);
            metrics.RoundTrip(server.Name, "commit", time.GetElapsedTime(start), error: null);
            return receipts;
        }
        catch (CommitFailedException e)
        {
            metrics.RoundTrip(server.Name, "commit", time.GetElapsedTime(start), e.Failure.ToString());
            throw;
        }
    }

    async Task<(bool IsKnown, CommitReceipt? Receipt)> FindFateAsync(PendingTransaction transaction)
    {
        try
        {
            var read = new TransactionRead(transaction.Shard, transaction.Id);
            await server.ReadAsync([read], CancellationToken.None);
            var isAbandoned = read.Receipt is { } receipt && await IsAbandonedAsync(transaction, receipt.Seq);
            return (true, isAbandoned ? null : read.Receipt);
        }
        catch (PinfoldException)
        {
            return (false, null);
        }
    }

    /// <summary>
    /// Whether the row under this id says that the transaction was given up, and is not that very row.
    /// </summary>
    async Task<bool> IsAbandonedAsync(PendingTransaction transaction, long seq)
    {
        var journal = new JournalRead(transaction.Shard, seq - 1, 1);
        await server.ReadAsync([journal], CancellationToken.None);
        return journal.Rows[0].Entries.AsSpan().SequenceEqual(JournalCodec.Abandoned)
            && !transaction.Entries.AsSpan().SequenceEqual(JournalCodec.Abandoned);
    }

    /// <summary>What the writer is told; a fence or a failed check is explained from the shard as it is now.</summary>
    async Task<PinfoldException> ToExceptionAsync(Waiting write, CommitFailedException failure, bool isFateUnknown)
    {
        var (transaction, shard) = (write.Transaction, write.Transaction.Shard);
        if (isFateUnknown)
            return new PinfoldException(ErrorKind.OutcomeUnknown,
                $"A write to shard {shard} was sent, and server {server.Name} did not say what became of it. " +
                $"Ask again by its transaction id {transaction.Id}.", failure) { Shard = shard };
        var (kind, message) = failure.Failure switch
        {
            CommitFailure.Precondition => await PreconditionCheck.ExplainAsync(server, transaction),
            CommitFailure.Fenced => (ErrorKind.Fenced,
                $"Shard {shard} refused a write of epoch {write.Epoch}: {await DescribeAsync(shard)}. "
                + "Nothing was changed."),
            CommitFailure.AlreadyCommitted => (ErrorKind.DeadlineExceeded,
                $"Write {transaction.Id} to shard {shard} was given up before it came, and cannot happen any more. "
                + "Begin another."),
            CommitFailure.NameTaken => (ErrorKind.Conflict, "This name is taken."),
            // The engine may know better than "not now": damaged, or of a newer version.
            _ when failure.InnerException is PinfoldException known => (known.Kind, known.Message),
            _ => (ErrorKind.Unavailable, failure.Message),
        };
        return new PinfoldException(kind, message, failure) { Shard = shard };
    }

    async Task<string> DescribeAsync(ShardId shard)
    {
        try
        {
            var read = new ShardRowRead(shard);
            await server.ReadAsync([read], CancellationToken.None);
            return read.Row switch
            {
                null => MissingShardException.Describe($"server {server.Name}"),
                { LastLocalId: >= ObjectId.LocalMax - 1000 } => "it has handed out all its local ids",
                { } row =>
                    $"it is {row.State.ToString().ToLowerInvariant()} under epoch {row.Epoch} on server {server.Name}",
            };
        }
        catch (PinfoldException e)
        {
            return e is MissingShardException missing ? MissingShardException.Describe(missing.Where)
                : $"server {server.Name} could not be asked why";
        }
    }

    sealed class Waiting(PendingTransaction transaction, long epoch, long since, CancellationToken cancellation)
        : TaskCompletionSource<CommitReceipt>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public PendingTransaction Transaction => transaction;

        public long Epoch => epoch;

        public long Since => since;

        public CancellationToken Cancellation => cancellation;
    }
}
