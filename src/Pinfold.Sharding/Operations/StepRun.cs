using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Operations;

/// <summary>A step as it is being done: what it is to do, where it goes on, and whom it tells how far it is.</summary>
sealed class StepRun
{
    readonly Func<StepProgress, CancellationToken, ValueTask> _save;
    readonly Func<Func<TopologyMap, TopologyMap>, CancellationToken, ValueTask<TopologyMap>> _publish;
    readonly JsonObject _figures;
    readonly JsonElement _before;
    JsonElement _place;

    public StepRun(string operation, string runner, JsonElement parameters, StepStatus step, JsonElement place,
        JsonElement before,
        Func<StepProgress, CancellationToken, ValueTask> save,
        Func<Func<TopologyMap, TopologyMap>, CancellationToken, ValueTask<TopologyMap>> publish)
    {
        (Operation, Runner, Parameters, Step, _place, _before, _save, _publish) =
            (operation, runner, parameters, step, place, before, save, publish);
        _figures = JsonNode.Parse(step.Figures)!.AsObject();
        (Done, Total, Unit) = (step.Done, step.Total, step.Unit);
    }

    /// <summary>The operation's id.</summary>
    public string Operation { get; }

    /// <summary>The process that runs it, as nobody else is called.</summary>
    public string Runner { get; }

    /// <summary>Those of the plan.</summary>
    public JsonElement Parameters { get; }

    /// <summary>As it was when this run of it began.</summary>
    public StepStatus Step { get; }

    /// <summary>How much is done.</summary>
    public long Done { get; private set; }

    /// <summary>Of how much; 0 where it is not known.</summary>
    public long Total { get; private set; }

    /// <summary>What is counted.</summary>
    public string Unit { get; private set; }

    /// <summary>The plan's parameters.</summary>
    public T Read<T>(JsonTypeInfo<T> type) => Parameters.Deserialize(type)!;

    /// <summary>What was last saved; null for nothing.</summary>
    public T? Place<T>(JsonTypeInfo<T> type) where T : class => Read(_place, type);

    /// <summary>What the step before this one saved last; null for nothing.</summary>
    public T? PlaceBefore<T>(JsonTypeInfo<T> type) where T : class => Read(_before, type);

    /// <summary>Measured something, which is kept with the next save and at the end.</summary>
    public void Measure(string figure, long value) => _figures[figure] = value;

    /// <summary>
    /// Writes down how far the step is and where it goes on after a crash. Only what is true already may be written.
    /// </summary>
    /// <exception cref="StopAskedException">Somebody asked the operation to stop; it is written down.</exception>
    /// <exception cref="PinfoldException">Conflict: somebody else runs it by now. Unavailable.</exception>
    public async ValueTask SaveAsync<T>(
        long done, long total, string unit, T place, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        (Done, Total, Unit) = (done, total, unit);
        _place = JsonSerializer.SerializeToElement(place, type);
        await SaveAsync(cancellation);
    }

    /// <summary>As the other, with the place as it is.</summary>
    public ValueTask SaveAsync(CancellationToken cancellation) => _save(
        new StepProgress(Step.Number, Done, Total, Unit, _place, JsonElement.Parse(_figures.ToJsonString())),
        cancellation);

    /// <summary>
    /// Publishes a changed map, made from the newest, unless the change changes nothing; made again when others publish
    /// meanwhile. Refused once somebody else runs the operation.
    /// </summary>
    /// <returns>The map in use then.</returns>
    public ValueTask<TopologyMap> PublishAsync(
        Func<TopologyMap, TopologyMap> change, CancellationToken cancellation) => _publish(change, cancellation);

    static T? Read<T>(JsonElement place, JsonTypeInfo<T> type) where T : class =>
        place.EnumerateObject().Any() ? place.Deserialize(type) : null;
}

/// <summary>The operation was asked to pause or to be cancelled, and stands where it can be gone on with.</summary>
sealed class StopAskedException(OperationRequest request) : Exception("The operation was asked to stop.")
{
    public OperationRequest Request { get; } = request;
}
