namespace Pinfold.Sharding.Store;

/// <summary>An object that a transaction makes.</summary>
public sealed class NewObject<T> where T : class
{
    readonly Transaction _transaction;

    internal NewObject(Transaction transaction, IdOrNew reference) => (_transaction, Ref) = (transaction, reference);

    internal IdOrNew Ref { get; }

    internal Transaction Transaction => _transaction;

    /// <summary>What refers to it: its place in its transaction, and after the commit its id.</summary>
    internal IdOrNew RefNow => _transaction.LocalBase is { } localBase ? Ref.Resolve(localBase) : Ref;

    /// <summary>Its id, once the transaction is committed.</summary>
    public ObjectId<T> Id => _transaction.LocalBase is { } localBase
        ? new ObjectId<T>(Ref.Resolve(localBase))
        : throw new InvalidOperationException("A new object has its id after the commit.");

    /// <summary>Refers to it, whatever its type.</summary>
    public static implicit operator ObjectRefUntyped(NewObject<T> created) => (ObjectRef<T>)created;
}

/// <summary>An object that is there, or that the same transaction makes.</summary>
/// <remarks>Ids and new objects turn into it by themselves.</remarks>
public readonly struct ObjectRef<T> where T : class
{
    ObjectRef(IdOrNew reference, Transaction? madeBy = null) => (Ref, MadeBy) = (reference, madeBy);

    internal IdOrNew Ref { get; }

    /// <summary>The transaction whose new object it is, or null.</summary>
    internal Transaction? MadeBy { get; }

    /// <summary>Its id; that of a new object is known once its transaction is committed.</summary>
    public ObjectId<T> Id => !Ref.IsNew ? new ObjectId<T>(Ref.Id)
        : MadeBy?.LocalBase is { } localBase ? new ObjectId<T>(Ref.Resolve(localBase))
        : throw new InvalidOperationException("A new object has its id after the commit.");

    /// <summary>Refers to an object that is there.</summary>
    public static implicit operator ObjectRef<T>(ObjectId<T> id) => new(id.Untyped);

    /// <summary>
    /// Refers to an object of the same transaction, or of one that is committed; any other is refused where it is used.
    /// </summary>
    public static implicit operator ObjectRef<T>(NewObject<T> created) =>
        new(created.RefNow, created.RefNow.IsNew ? created.Transaction : null);

    /// <summary>Forgets the type.</summary>
    public static implicit operator ObjectRefUntyped(ObjectRef<T> reference) => new(reference.Ref, reference.MadeBy);
}
