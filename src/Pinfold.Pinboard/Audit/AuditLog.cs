using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Audit;

/// <summary>
/// What was done to each account, on the person's own shard. An entry is written by the transaction that does it, so
/// that nothing happens unlogged and nothing is logged that did not happen.
/// </summary>
sealed class AuditLog(ShardedStore store, TimeProvider time)
{
    /// <summary>More than one comes at a time, so that what is too much gets less.</summary>
    const int RemovedAtOnceMax = 8;

    const int AddressLengthMax = 64;
    const int DeviceLengthMax = 80;
    const int SubjectLengthMax = 40;

    /// <summary>Addresses within an hour that are told apart; the others are counted together.</summary>
    const int AddressesOfAnHourMax = 10;

    readonly AsyncLocal<AuditOrigin?> _origin = new();

    /// <summary>Who acts in what is called from here on, and in nothing else.</summary>
    public AuditOrigin Origin
    {
        get => _origin.Value ?? AuditOrigin.Unknown;
        set => _origin.Value = value;
    }

    /// <summary>
    /// Writes into a transaction on the person's shard what it does; what is too old or too much goes. One round trip,
    /// to look for that.
    /// </summary>
    /// <param name="transaction">Does what is logged.</param>
    /// <param name="user">Whose account it is about.</param>
    /// <param name="happened">What.</param>
    /// <param name="subject">What it was done with: an id or a user name. Never a title, a password or a token.</param>
    /// <param name="count">How many, where that says something.</param>
    /// <param name="by">Who did it, where nobody is signed in and it is not the person themselves.</param>
    /// <param name="cancellation">Of the request.</param>
    public async Task AddAsync(
        Transaction transaction, ObjectId<User> user, AuditEvent happened, string? subject = null, long count = 0,
        string? by = null, CancellationToken cancellation = default)
    {
        var read = store.Read();
        var all = read.Count(UserHasAuditEntries, user);
        var oldest = read.Page(UserHasAuditEntries, user, new PageRequest(RemovedAtOnceMax) { NewestFirst = false });
        await read.ExecuteAsync(cancellation);
        var tooMany = all.Value + 1 - AuditEntry.KeptMax;
        foreach (var entry in oldest.Value.Items.Where((e, i) => i < tooMany || e.Sequence < KeptSince))
            transaction.Remove(UserHasAuditEntries, user, entry.To);
        Put(transaction, user, user.Shard, Entry(user, happened, subject, count, by));
    }

    /// <summary>As <see cref="AddAsync"/>, for somebody whom the transaction makes; they have no entries yet.</summary>
    public void Add(Transaction transaction, NewObject<User> user, AuditEvent happened, string? subject = null) =>
        Put(transaction, user, transaction.Shard, Entry(default, happened, subject, 0, by: null));

    /// <summary>
    /// Counts a wrong password: an entry for each hour and address, few addresses to an hour. Asks nothing.
    /// </summary>
    /// <param name="transaction">Counts it otherwise.</param>
    /// <param name="user">Whose account; it need not be there.</param>
    /// <param name="hours">What <see cref="Hours"/> gave.</param>
    /// <param name="address">Where it came from.</param>
    /// <param name="device">By what.</param>
    public void CountWrongPassword(
        Transaction transaction, ObjectId<User> user, IReadOnlyList<Entry<AuditEntry>> hours, string address,
        string device)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var hour = now / (long)TimeSpan.FromHours(1).TotalMilliseconds;
        var place = PlaceOf(user, $"{hour} {address}");
        var isKnown = hours.Any(e => e.To == place);
        if (!isKnown && hours.Count(e => IsOf(e, hour)) >= AddressesOfAnHourMax)
        {
            (address, device) = ("", "");
            place = PlaceOf(user, $"{hour} others");
        }
        var before = hours.FirstOrDefault(e => e.To == place);
        var isNew = before.To.IsNone;
        var count = isNew ? 1 : Read(before).Entry.Count + 1;
        var entry = new AuditEntry(
            AuditEvent.WrongPasswords, Address: Cut(address, AddressLengthMax), Device: Cut(device, DeviceLengthMax),
            Count: count);
        transaction.Put(UserHasWrongPasswordHours, user, place, now, Encode(entry));
        foreach (var old in hours.Skip(AuditEntry.WrongPasswordsKeptMax - (isNew ? 1 : 0)).Where(e => e.To != place))
            transaction.Remove(UserHasWrongPasswordHours, user, old.To);
    }

    /// <summary>What counting a wrong password rests on, as a part of what is read anyway.</summary>
    public static Answer<Page<Entry<AuditEntry>>> Hours(ReadBatch read, ObjectId<User> user) =>
        read.Page(UserHasWrongPasswordHours, user, new PageRequest(AuditEntry.WrongPasswordsKeptMax + 100));

    /// <summary>A person's log, newest first, wrong passwords aside. One round trip.</summary>
    public async Task<Page<LoggedAct>> PageAsync(
        ObjectId<User> user, int limit, string? cursor, CancellationToken cancellation)
    {
        var page = await store.PageAsync(UserHasAuditEntries, user, Kept(limit) with { Cursor = cursor }, cancellation);
        return new Page<LoggedAct>([.. page.Items.Select(Read)], page.Next);
    }

    /// <summary>The newest of the wrong passwords that were tried for a person's account. One round trip.</summary>
    public async Task<IReadOnlyList<LoggedAct>> WrongPasswordsAsync(
        ObjectId<User> user, int limit, CancellationToken cancellation)
    {
        var page = await store.PageAsync(UserHasWrongPasswordHours, user, Kept(limit), cancellation);
        return [.. page.Items.Select(Read)];
    }

    /// <summary>
    /// All that is kept of some people since a moment, newest first, wrong passwords among it. One round trip to each
    /// server for each 1,000 entries of the one who has most.
    /// </summary>
    public async Task<IReadOnlyList<(ObjectId<User> User, LoggedAct Act)>> SinceAsync(
        IReadOnlyList<ObjectId<User>> users, DateTimeOffset since, int limit, CancellationToken cancellation)
    {
        var read = store.Read();
        var request = Kept(Math.Min(limit, AuditEntry.KeptMax)) with
        {
            SequenceMin = Math.Max(KeptSince, since.ToUnixTimeMilliseconds()),
        };
        var pages = users.Select(user => (
            User: user, Acts: read.Page(UserHasAuditEntries, user, request),
            Wrong: read.Page(UserHasWrongPasswordHours, user, request))).ToList();
        await read.ExecuteAsync(cancellation);
        return
        [
            .. pages.SelectMany(p => p.Acts.Value.Items.Concat(p.Wrong.Value.Items).Select(e => (p.User, Read(e))))
                .OrderByDescending(a => a.Item2.At).Take(limit),
        ];
    }

    long KeptSince => (time.GetUtcNow() - AuditEntry.KeptFor).ToUnixTimeMilliseconds();

    PageRequest Kept(int limit) => new(limit) { SequenceMin = KeptSince };

    AuditEntry Entry(ObjectId<User> user, AuditEvent happened, string? subject, long count, string? by)
    {
        var origin = Origin;
        // Who signs in does so by a password, whoever was signed in at that browser before.
        var isByOther = !origin.User.IsNone && origin.User != user
            && happened is not (AuditEvent.SignedIn or AuditEvent.SignedUp);
        return new AuditEntry(
            happened, by ?? (isByOther ? origin.Username : null), origin.IsOperator,
            Cut(origin.Address, AddressLengthMax),
            Cut(origin.Device, DeviceLengthMax), subject is null ? null : Cut(subject, SubjectLengthMax), count);
    }

    void Put(Transaction transaction, ObjectRef<User> user, ShardId shard, AuditEntry entry) =>
        transaction.Put(
            UserHasAuditEntries, user, AnyPlace(shard), time.GetUtcNow().ToUnixTimeMilliseconds(), Encode(entry));

    /// <summary>What tells an entry from the others of its list.</summary>
    static ObjectId<AuditEntry> AnyPlace(ShardId shard) => Place(shard, RandomNumberGenerator.GetBytes(sizeof(ulong)));

    static ObjectId<AuditEntry> PlaceOf(ObjectId<User> user, string key) =>
        Place(user.Shard, SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    static ObjectId<AuditEntry> Place(ShardId shard, ReadOnlySpan<byte> bytes) => AuditEntry.Type.Id(new ObjectId(
        shard, AuditEntry.Type.Number, 1 + (long)(BitConverter.ToUInt64(bytes) % (ObjectId.LocalMax - 1))));

    static bool IsOf(Entry<AuditEntry> entry, long hour) =>
        entry.Sequence / (long)TimeSpan.FromHours(1).TotalMilliseconds == hour;

    static byte[] Encode(AuditEntry entry) =>
        JsonSerializer.SerializeToUtf8Bytes(entry, PinboardJson.Default.AuditEntry);

    static LoggedAct Read(Entry<AuditEntry> entry) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(entry.Sequence),
        JsonSerializer.Deserialize(entry.Body.Span, PinboardJson.Default.AuditEntry)!);

    static string Cut(string text, int lengthMax) => Text.Cut(Text.OneLine(text), lengthMax);
}

/// <summary>An entry of the log and its time.</summary>
sealed record LoggedAct(DateTimeOffset At, AuditEntry Entry);
