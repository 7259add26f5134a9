using Pinfold.Sharding.Storage;

namespace Pinfold.Sharding;

/// <summary>An object that a transaction makes.</summary>
public sealed class NewObject<T> where T : class, IObject<T>
{
    readonly Transaction _transaction;

    internal NewObject(Transaction transaction, IdOrNew reference) => (_transaction, Ref) = (transaction, reference);

    internal IdOrNew Ref { get; }

    /// <summary>Its id, once the transaction is committed.</summary>
    public ObjectId<T> Id => _transaction.LocalBase is { } localBase
        ? new ObjectId<T>(Ref.Resolve(localBase))
        : throw new InvalidOperationException("A new object has its id after the commit.");
}

/// <summary>An object that is there, or that the same transaction makes.</summary>
public readonly struct ObjectRef<T> where T : class, IObject<T>
{
    ObjectRef(IdOrNew reference) => Ref = reference;

    internal IdOrNew Ref { get; }

    /// <summary>Refers to an object that is there.</summary>
    public static implicit operator ObjectRef<T>(ObjectId<T> id) => new(id.Untyped);

    /// <summary>Refers to an object of the same transaction.</summary>
    public static implicit operator ObjectRef<T>(NewObject<T> created) => new(created.Ref);

    /// <summary>Forgets the type.</summary>
    public static implicit operator ObjectRefUntyped(ObjectRef<T> reference) => new(reference.Ref);
}

/// <summary>As <see cref="ObjectRef{T}"/>, of any type; <c>default</c> refers to nothing.</summary>
public readonly struct ObjectRefUntyped
{
    internal ObjectRefUntyped(IdOrNew reference) => Ref = reference;

    internal IdOrNew Ref { get; }

    /// <summary>Refers to an object that is there.</summary>
    public static implicit operator ObjectRefUntyped(ObjectId id) => new(id);
}
