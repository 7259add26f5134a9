using System.Reflection;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Tests.Moving;

/// <summary>A server, after some of whose calls for copies the test does something.</summary>
sealed class AfterStep
{
    public AfterStep(IShardServer inner, string call, Func<Task> afterAsync) => Server = Proxied.Around(inner, (name, isBefore) =>
    {
        if (name == call && !isBefore)
            afterAsync().GetAwaiter().GetResult();
    });

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
            return;
        DiedAt = name;
        throw new DeadException();
    });

    public sealed class DeadException() : Exception("This process was killed.");
}

/// <summary>Stands before a server's copies.</summary>
public class Proxied : DispatchProxy
{
    object _inner = null!;
    Action<string, bool> _hook = null!;

    /// <param name="inner">The server.</param>
    /// <param name="hook">Given the name of each call for copies before it is made, and after it was answered.</param>
    internal static IShardServer Around(IShardServer inner, Action<string, bool> hook)
    {
        var copies = Create<IShardCopies, Proxied>();
        ((Proxied)(object)copies)._inner = inner.Copies;
        ((Proxied)(object)copies)._hook = hook;
        var server = Create<IShardServer, Proxied>();
        ((Proxied)(object)server)._inner = inner;
        ((Proxied)(object)server)._hook = static (_, _) => { };
        ((Proxied)(object)server)._copies = copies;
        return server;
    }

    object? _copies;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == "get_Copies" && _copies is not null)
            return _copies;
        if (_copies is not null)
            return targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
        _hook(targetMethod.Name, true);
        var answer = targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
        // A value task is waited for once: what it gave is given on.
        var type = answer!.GetType();
        if (!type.IsGenericType)
        {
            ((ValueTask)answer).AsTask().GetAwaiter().GetResult();
            _hook(targetMethod.Name, false);
            return ValueTask.CompletedTask;
        }
        var task = (Task)type.GetMethod(nameof(ValueTask<int>.AsTask))!.Invoke(answer, null)!;
        task.GetAwaiter().GetResult();
        _hook(targetMethod.Name, false);
        return Activator.CreateInstance(type, task);
    }
}
