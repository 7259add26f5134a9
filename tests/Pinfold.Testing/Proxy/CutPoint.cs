namespace Pinfold.Testing.Proxy;

/// <summary>Where a <see cref="CuttingProxy"/> cuts a connection, relative to one command and its reply.</summary>
/// <remarks>
/// "The n-th command" is the n-th, from 1, that awaits a reply and that <see cref="Matching"/> accepts, counted over
/// all connections from the moment the cut is armed.
/// </remarks>
public sealed record CutPoint
{
    CutPoint(CutKind kind, int amount, string name) => (Kind, Amount, Name) = (kind, amount, name);

    internal CutKind Kind { get; }

    /// <summary>Bytes or statements, by <see cref="Kind"/>.</summary>
    internal int Amount { get; }

    string Name { get; }

    /// <summary>Which of the matching commands, from 1.</summary>
    public int Command { get; init; } = 1;

    /// <summary>Which commands count; all, unless told.</summary>
    public Func<ClientCommand, bool> Matching { get; init; } = _ => true;

    /// <summary>
    /// The client loses its connection, but the server is not told, as when a network falls apart: its session, open
    /// transaction and locks stay until the proxy is disposed or told to <see cref="CuttingProxy.DropParted"/>.
    /// </summary>
    public bool ServerSideStaysOpen { get; init; }

    /// <summary>
    /// With <see cref="ServerSideStaysOpen"/>, of a cut <see cref="BeforeCommand"/>: the command is kept, and reaches
    /// the server when the test says so, with <see cref="ArmedCut.DeliverAsync"/>.
    /// </summary>
    public bool IsDeliveredLater { get; init; }

    /// <summary>Nothing of the command reaches the server.</summary>
    public static CutPoint BeforeCommand() => new(CutKind.BeforeCommand, 0, "before the command");

    /// <summary>
    /// The server gets the first <paramref name="bytes"/> of the command's packet (header of 4 included), and runs
    /// nothing.
    /// </summary>
    public static CutPoint InsideCommand(int bytes) =>
        new(CutKind.InsideCommand, bytes, $"after {bytes} bytes of the command");

    /// <summary>
    /// The server gets only the first <paramref name="statements"/> of the query, runs them, and the connection is
    /// gone; the client hears nothing.
    /// </summary>
    public static CutPoint AfterStatement(int statements) =>
        new(CutKind.AfterStatement, statements, $"after statement {statements} has run");

    /// <summary>The server got the whole command and may still be running it; the client hears nothing.</summary>
    public static CutPoint WhileRunning() => new(CutKind.WhileRunning, 0, "while the command runs");

    /// <summary>The server ran the whole command and answered; the client hears nothing.</summary>
    public static CutPoint BeforeReply() => new(CutKind.InsideReply, 0, "before the reply");

    /// <summary>
    /// The server ran the whole command; the client gets the first <paramref name="bytes"/> of the reply.
    /// </summary>
    public static CutPoint InsideReply(int bytes) =>
        new(CutKind.InsideReply, bytes, $"after {bytes} bytes of the reply");

    /// <summary>
    /// The server ran the whole query; the client gets the first <paramref name="replies"/>, of which there is one for
    /// each statement that is not part of another.
    /// </summary>
    public static CutPoint AfterStatementReply(int replies) =>
        new(CutKind.AfterStatementReply, replies, $"after reply {replies}");

    /// <summary>
    /// Every different place around and inside a query: before, in, after each statement, after each reply.
    /// </summary>
    public static IEnumerable<CutPoint> EveryPlaceIn(string sql)
    {
        var statements = SqlStatements.Count(sql);
        yield return BeforeCommand();
        yield return InsideCommand(2);
        yield return InsideCommand(sql.Length / 2);
        for (var statement = 1; statement <= statements; statement++)
            yield return AfterStatement(statement);
        yield return WhileRunning();
        yield return BeforeReply();
        yield return InsideReply(2);
        for (var reply = 1; reply < SqlStatements.CountReplies(sql); reply++)
            yield return AfterStatementReply(reply);
    }

    public override string ToString() =>
        $"cut {Name}{(Command == 1 ? "" : $" (command {Command})")}{(ServerSideStaysOpen ? ", server not told" : "")}";
}

enum CutKind
{
    BeforeCommand,
    InsideCommand,
    AfterStatement,
    WhileRunning,
    InsideReply,
    AfterStatementReply,
}

/// <summary>A cut that waits for its command.</summary>
public sealed class ArmedCut
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _seen;
    Func<Task>? _deliver;

    internal ArmedCut(CutPoint point) => Point = point;

    public CutPoint Point { get; }

    /// <summary>Completes when the connection was cut.</summary>
    /// <exception cref="TimeoutException">No such command came within a minute.</exception>
    public Task Done => WaitAsync();

    public bool IsDone => _done.Task.IsCompletedSuccessfully;

    /// <summary>
    /// Lets the server have the command that was kept back, long after its client has gone; returns when the server
    /// has run it and has nobody to answer.
    /// </summary>
    public Task DeliverAsync() => _deliver is null
        ? throw new InvalidOperationException($"Nothing was kept: {Point}.")
        : _deliver();

    internal void Keep(Func<Task> deliver) => _deliver = deliver;

    internal bool Takes(ClientCommand command) =>
        command.AwaitsReply && Point.Matching(command) && ++_seen == Point.Command;

    internal void Complete() => _done.TrySetResult();

    async Task WaitAsync()
    {
        try
        {
            await _done.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No command came to {Point} within {Patience.TotalSeconds:N0} s.");
        }
    }
}
