using System.Data.Common;
using System.Text;
using System.Text.Json;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Operations;

/// <summary>
/// The operations in the catalog: who wants what, who runs it, how far each step is. All that a runner needs to go on
/// is here, and nothing in its process.
/// </summary>
/// <remarks>
/// One process runs an operation: it has a lease by the catalog's clock, and whatever it writes is refused once it has
/// lost it.
/// </remarks>
sealed class OperationLedger(ICatalogDatabase database)
{
    const string OperationColumns =
        "id,kind,title,who,why,state,asked,created_at,ended_at,runner,lease_until,error,remains";

    const string HasEnded = "state IN(5,6)";
    const int ErrorLengthMax = 4000;

    /// <summary>
    /// Claimed for the moment in which an operation begins; for good where the catalog went elsewhere.
    /// </summary>
    const string CatalogItself = "the catalog";

    string Operations => $"{database.Before}operations";

    string Steps => $"{database.Before}steps";

    string Claims => $"{database.Before}claims";

    /// <summary>Writes an operation down, with its claims.</summary>
    /// <exception cref="PinfoldException">
    /// Conflict: another one that has not ended claims something of it. Unavailable: the catalog does not answer.
    /// </exception>
    public async ValueTask AddAsync(string id, OperationPlan plan, Authorship by, CancellationToken cancellation)
    {
        List<CatalogStatement> statements =
        [
            Claim(database, CatalogItself, id),
            new($"""
                INSERT INTO {Operations}
                    (id,kind,title,parameters,who,why,state,asked,created_at,lease_until,beats)
                  VALUES(@p0,@p1,@p2,@p3,@p4,@p5,0,0,{database.NowMs},0,0)
                """, [id, plan.Kind, plan.Title, Bytes(plan.Parameters), by.Who, by.Why]),
            .. plan.Claims.Select(claim => Claim(database, claim, id)),
            .. plan.Steps.Select((step, i) => new CatalogStatement(
                $$"""
                INSERT INTO {{Steps}}
                    (operation,number,name,subject,says,state,attempts,done,total,unit,place,figures)
                  VALUES(@p0,@p1,@p2,@p3,@p4,0,0,0,@p5,@p6,@p7,@p7)
                """, [id, i + 1, step.Name, step.Subject, step.Says, step.Total, step.Unit, "{}"u8.ToArray()])),
            new($"DELETE FROM {Claims} WHERE thing=@p0", [CatalogItself]),
        ];
        if (await database.ChangeAsync(statements, cancellation) is not { } refused)
            return;
        if (refused == 0)
            throw new PinfoldException(ErrorKind.Conflict,
                $"The catalog has moved to server {await FindHolderAsync(CatalogItself, cancellation)}: nothing was "
                + "begun. Run it again.");
        if (refused == 1 || refused > plan.Claims.Count + 1)
            throw new PinfoldException(ErrorKind.Conflict, $"There is an operation {id} already.");
        var claimed = plan.Claims[refused - 2];
        var holder = await FindHolderAsync(claimed, cancellation);
        throw new PinfoldException(ErrorKind.Conflict,
            $"{claimed} is being changed by operation {holder ?? "that has just ended"}: nothing was begun. "
            + (holder is null ? "Run it again."
                : $"\"pinfold operation show {holder}\" says how far it is; resume or cancel it first."));
    }

    /// <summary>One with its steps; null if there is none of that id.</summary>
    /// <exception cref="PinfoldException">Unavailable: the catalog does not answer.</exception>
    public async ValueTask<OperationStatus?> FindAsync(string id, CancellationToken cancellation)
    {
        var found = await database.QueryAsync(
            $"SELECT {OperationColumns},{database.NowMs} FROM {Operations} WHERE id=@p0", [id], ReadOperation,
            cancellation);
        return found is [var operation]
            ? operation with { Steps = await ReadStepsAsync(id, cancellation) } : null;
    }

    /// <summary>One with its steps.</summary>
    /// <exception cref="PinfoldException">NotFound: there is none of that id. Unavailable.</exception>
    public async ValueTask<OperationStatus> GetAsync(string id, CancellationToken cancellation) =>
        await FindAsync(id, cancellation) ?? throw NotThere(id);

    /// <summary>The newest first, without their steps.</summary>
    /// <exception cref="PinfoldException">Unavailable: the catalog does not answer.</exception>
    public async ValueTask<IReadOnlyList<OperationStatus>> ListAsync(
        bool withEnded, int limit, CancellationToken cancellation) => await database.QueryAsync(
            $"""
            SELECT {OperationColumns},{database.NowMs} FROM {Operations}
              WHERE {(withEnded ? "1=1" : $"NOT {HasEnded}")} ORDER BY created_at DESC,id DESC LIMIT @p0
            """, [limit], ReadOperation, cancellation);

    /// <summary>What is claimed, and by which operation.</summary>
    /// <exception cref="PinfoldException">Unavailable: the catalog does not answer.</exception>
    public async ValueTask<IReadOnlyList<(string Thing, string Operation)>> ReadClaimsAsync(
        CancellationToken cancellation) => await database.QueryAsync(
            $"SELECT thing,operation FROM {Claims} ORDER BY thing", [], row => (row.GetString(0), row.GetString(1)),
            cancellation);

    /// <summary>The parameters of the plan.</summary>
    /// <exception cref="PinfoldException">NotFound, or Unavailable.</exception>
    public async ValueTask<JsonElement> ReadParametersAsync(string id, CancellationToken cancellation)
    {
        var found = await database.QueryAsync(
            $"SELECT parameters FROM {Operations} WHERE id=@p0", [id], row => row.GetFieldValue<byte[]>(0),
            cancellation);
        return found is [var bytes] ? Element(bytes) : throw NotThere(id);
    }

    /// <summary>Where a step that was begun goes on; an empty object if it has said nothing.</summary>
    public async ValueTask<JsonElement> ReadPlaceAsync(string id, int number, CancellationToken cancellation) =>
        Element((await database.QueryAsync(
            $"SELECT place FROM {Steps} WHERE operation=@p0 AND number=@p1", [id, number],
            row => row.GetFieldValue<byte[]>(0), cancellation)).Single());

    /// <summary>
    /// Takes or renews the lease: the operation is then run by this runner alone. Answers what it is asked to do.
    /// </summary>
    /// <param name="id">Of the operation.</param>
    /// <param name="runner">Who, and a name of theirs that is never used again.</param>
    /// <param name="lease">For how long.</param>
    /// <param name="resumes">Whether a pause that somebody asked for is over with this.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="PinfoldException">
    /// Conflict: somebody else runs it, or it has ended. NotFound. Unavailable: the catalog does not answer.
    /// </exception>
    public async ValueTask<OperationRequest> LeaseAsync(
        string id, RunnerName runner, TimeSpan lease, bool resumes, CancellationToken cancellation)
    {
        var now = database.NowMs;
        var refused = await database.ChangeAsync(
            [new($"""
                UPDATE {Operations} SET runner=@p1,runner_id=@p2,lease_until={now}+@p3,beats=beats+1
                    {(resumes ? ",asked=CASE WHEN asked=1 THEN 0 ELSE asked END" : "")}
                  WHERE id=@p0 AND NOT {HasEnded} AND (lease_until<={now} OR runner_id=@p2)
                """, [id, runner.Name, runner.Id, (long)lease.TotalMilliseconds])], cancellation);
        var operation = await GetAsync(id, cancellation);
        if (refused is null)
            return operation.Asked;
        throw operation.IsEnded ? Ended(operation) : new PinfoldException(ErrorKind.Conflict,
            $"Operation {id} is being run by {operation.Runner}. \"pinfold operation show {id}\" says how far it is, "
                + $"\"pinfold operation pause {id}\" has it stop.");
    }

    /// <summary>Asks whoever runs it, or will run it.</summary>
    /// <exception cref="PinfoldException">Conflict: it has ended. NotFound. Unavailable.</exception>
    public async ValueTask AskAsync(string id, OperationRequest request, CancellationToken cancellation)
    {
        if (await database.ChangeAsync(
            [new($"UPDATE {Operations} SET asked=@p1,beats=beats+1 WHERE id=@p0 AND NOT {HasEnded}",
                [id, (int)request])], cancellation) is null)
            return;
        throw Ended(await GetAsync(id, cancellation));
    }

    /// <summary>Writes what became of the run; with one that has ended its claims go.</summary>
    /// <exception cref="PinfoldException">Conflict: the lease is somebody else's. Unavailable.</exception>
    public ValueTask SetStateAsync(string id, RunnerName runner, OperationState state, string? error, string? remains,
        bool givesUp, CancellationToken cancellation)
    {
        var isEnded = state is OperationState.Done or OperationState.Cancelled;
        List<CatalogStatement> statements =
        [
            new($"""
                UPDATE {Operations} SET state=@p2,error=@p3,remains=@p4,beats=beats+1
                    {(isEnded ? $",ended_at={database.NowMs}" : "")}{(givesUp ? ",lease_until=0" : "")}
                  WHERE id=@p0 AND runner_id=@p1
                """, [id, runner.Id, (int)state, error?.Cut(ErrorLengthMax), remains?.Cut(ErrorLengthMax)]),
        ];
        if (isEnded)
            statements.Add(new($"DELETE FROM {Claims} WHERE operation=@p0", [id], Rows: null));
        return ChangeAsRunnerAsync(id, statements, cancellation);
    }

    /// <summary>Writes down that a step is begun, anew or for the first time.</summary>
    public ValueTask BeginAsync(string id, RunnerName runner, int number, CancellationToken cancellation) =>
        ChangeAsRunnerAsync(id,
        [
            Guard(id, runner),
            new($"""
                UPDATE {Steps} SET state=1,attempts=attempts+1,begun_at=COALESCE(begun_at,{database.NowMs})
                  WHERE operation=@p0 AND number=@p1
                """, [id, number]),
        ], cancellation);

    /// <summary>Writes down how far a step is, and where it would go on.</summary>
    public ValueTask SaveAsync(
        string id, RunnerName runner, StepProgress progress, CancellationToken cancellation) =>
        ChangeAsRunnerAsync(id,
        [
            Guard(id, runner),
            new($"""
                UPDATE {Steps} SET done=@p2,total=@p3,unit=@p4,place=@p5,figures=@p6
                  WHERE operation=@p0 AND number=@p1
                """,
                [id, progress.Number, progress.Done, progress.Total, progress.Unit, Bytes(progress.Place),
                    Bytes(progress.Figures)], Rows: null),
        ], cancellation);

    /// <summary>Writes down that a step is done or undone.</summary>
    public ValueTask EndAsync(
        string id, RunnerName runner, int number, StepState state, CancellationToken cancellation) =>
        ChangeAsRunnerAsync(id,
        [
            Guard(id, runner),
            new($"UPDATE {Steps} SET state=@p2,ended_at={database.NowMs} WHERE operation=@p0 AND number=@p1",
                [id, number, (int)state]),
        ], cancellation);

    /// <summary>What changes nothing, and is refused once somebody else runs the operation.</summary>
    public CatalogStatement Guard(string id, RunnerName runner) => new(
        $"UPDATE {Operations} SET beats=beats+1 WHERE id=@p0 AND runner_id=@p1 AND lease_until>{database.NowMs}",
        [id, runner.Id]);

    /// <summary>
    /// What has to hold when the catalog goes elsewhere: no operation has begun here that has not ended, and none ever
    /// begins here any more.
    /// </summary>
    public static IReadOnlyList<CatalogStatement> GuardsOfMove(ICatalogDatabase database, string to) =>
    [
        Claim(database, CatalogItself, to),
        // After the claim, for which whoever begins an operation at this moment is waited for.
        new($"""
            INSERT INTO {database.Before}claims(thing,operation) SELECT @p0,@p1 FROM(SELECT 1 AS one)once
              WHERE NOT EXISTS(SELECT * FROM {database.Before}operations WHERE NOT {HasEnded})
            """, [$"{CatalogItself}, moved", to]),
    ];

    static CatalogStatement Claim(ICatalogDatabase database, string thing, string operation) =>
        new($"INSERT INTO {database.Before}claims(thing,operation)VALUES(@p0,@p1)", [thing, operation]);

    async ValueTask ChangeAsRunnerAsync(
        string id, IReadOnlyList<CatalogStatement> statements, CancellationToken cancellation)
    {
        if (await database.ChangeAsync(statements, cancellation) is not null)
            throw new PinfoldException(ErrorKind.Conflict,
                $"Operation {id} is run by somebody else by now: this process did not tell in time that it lives.");
    }

    async ValueTask<IReadOnlyList<StepStatus>> ReadStepsAsync(string id, CancellationToken cancellation) =>
        await database.QueryAsync(
            $"""
            SELECT number,name,subject,says,state,attempts,begun_at,ended_at,done,total,unit,figures
              FROM {Steps} WHERE operation=@p0 ORDER BY number
            """,
            [id],
            row => new StepStatus(
                row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), (StepState)row.GetInt32(4),
                row.GetInt32(5), Moment(row, 6), Moment(row, 7), row.GetInt64(8), row.GetInt64(9), row.GetString(10),
                Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(11))), cancellation);

    async ValueTask<string?> FindHolderAsync(string claim, CancellationToken cancellation) =>
        (await database.QueryAsync(
            $"SELECT operation FROM {Claims} WHERE thing=@p0", [claim], row => row.GetString(0), cancellation))
            .FirstOrDefault();

    static OperationStatus ReadOperation(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), new Authorship(row.GetString(3), row.GetString(4)),
        (OperationState)row.GetInt32(5), (OperationRequest)row.GetInt32(6), Moment(row, 7)!.Value, Moment(row, 8),
        row.GetInt64(10) > row.GetInt64(13) ? row.GetString(9) : null, TextAt(row, 11), TextAt(row, 12), []);

    static PinfoldException Ended(OperationStatus operation) => new(ErrorKind.Conflict,
        $"Operation {operation.Id} has ended: it is {operation.State.ToString().ToLowerInvariant()}.");

    static PinfoldException NotThere(string id) => new(ErrorKind.NotFound,
        $"There is no operation {id}; \"pinfold operation list --all\" says which there are.");

    static DateTimeOffset? Moment(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    static string? TextAt(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    static byte[] Bytes(JsonElement element) => Encoding.UTF8.GetBytes(element.GetRawText());

    static JsonElement Element(byte[] utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        return document.RootElement.Clone();
    }
}

/// <summary>Who runs an operation.</summary>
/// <param name="Name">For a person: <c>machine:process id</c>.</param>
/// <param name="Id">Of one run in one process, never used again.</param>
readonly record struct RunnerName(string Name, string Id)
{
    public static RunnerName New() =>
        new($"{Environment.MachineName}:{Environment.ProcessId}", Guid.NewGuid().ToString("N"));
}

/// <summary>How far a step is, and where it goes on after a crash.</summary>
readonly record struct StepProgress(
    int Number, long Done, long Total, string Unit, JsonElement Place, JsonElement Figures);
