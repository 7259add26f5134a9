using System.Reflection;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Tests.Moving;

/// <summary>A server, after some of whose calls for copies the test does something.</summary>
sealed class AfterStep
{
    public AfterStep(IShardServer inner, string call, Func<Task> afterAsync) =>
        Server = Proxied.Around(inner, (name, isBefore) =>
            name == call && !isBefore ? afterAsync() : Task.CompletedTask);

    public IShardServer Server { get; }
}

/// <summary>
/// A process that is killed at one of its writes to any server's copies, which then happened or did not; as far as
/// servers can tell: nothing that it asks afterwards is heard.
/// </summary>
sealed class DyingProcess
{
    static readonly HashSet<string> Reads =
        ["ListMarksAsync", "MeasureAsync", "ReadAsync", "FindAsync", "ReadTombstonesAsync", "FindEndAsync", "SumAsync"];

    int _dieAt = int.MaxValue;
    bool _isDone;

    public int Writes { get; private set; }

    /// <summary>The name of the write at which it died.</summary>
    public string? DiedAt { get; private set; }

    public void DieAt(int write, bool isDone) => (Writes, _dieAt, _isDone, DiedAt) = (0, write, isDone, null);

    public IShardServer Around(IShardServer server) => Proxied.Around(server, (name, isBefore) =>
    {
        if (DiedAt is not null)
            throw new DeadException();
        if (Reads.Contains(name) || (isBefore && ++Writes != _dieAt) || Writes != _dieAt || (isBefore && _isDone))
            return Task.CompletedTask;
        DiedAt = name;
        throw new DeadException();
    });

    public sealed class DeadException() : Exception("This process was killed.");
}

/// <summary>Stands before a server's copies.</summary>
public class Proxied : DispatchProxy
{
    static readonly MethodInfo Answer = typeof(Proxied).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic)
        .Single(method => method is { Name: nameof(AnswerAsync), IsGenericMethodDefinition: true });

    object _inner = null!;
    Func<string, bool, Task> _hook = null!;
    object? _copies;

    /// <param name="inner">The server.</param>
    /// <param name="hook">Given the name of each call for copies before it is made, and after it was answered.</param>
    internal static IShardServer Around(IShardServer inner, Func<string, bool, Task> hook)
    {
        var copies = Create<IShardCopies, Proxied>();
        (((Proxied)(object)copies)._inner, ((Proxied)(object)copies)._hook) = (inner.Copies, hook);
        var server = Create<IShardServer, Proxied>();
        (((Proxied)(object)server)._inner, ((Proxied)(object)server)._copies) = (inner, copies);
        return server;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_copies is not null)
            return targetMethod!.Name == "get_Copies" ? _copies : Call(targetMethod, args);
        var type = targetMethod!.ReturnType;
        return type.IsGenericType
            ? Answer.MakeGenericMethod(type.GenericTypeArguments).Invoke(this, [targetMethod, args])
            : AnswerAsync(targetMethod, args);
    }

    async ValueTask<T> AnswerAsync<T>(MethodInfo method, object?[]? args)
    {
        await _hook(method.Name, true);
        var answer = await (ValueTask<T>)Call(method, args)!;
        await _hook(method.Name, false);
        return answer;
    }

    async ValueTask AnswerAsync(MethodInfo method, object?[]? args)
    {
        await _hook(method.Name, true);
        await (ValueTask)Call(method, args)!;
        await _hook(method.Name, false);
    }

    object? Call(MethodInfo method, object?[]? args) =>
        method.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
}
