namespace Pinfold.Sharding;

/// <summary>
/// An object of any type that is there, or that the same transaction makes; <c>default</c> refers to nothing.
/// </summary>
public readonly struct ObjectRefUntyped
{
    internal ObjectRefUntyped(IdOrNew reference, object? madeBy = null) =>
        (Ref, MadeBy) = (reference, madeBy);

    internal IdOrNew Ref { get; }

    /// <summary>The transaction whose new object it is, or null.</summary>
    internal object? MadeBy { get; }

    /// <summary>Refers to an object that is there.</summary>
    public static implicit operator ObjectRefUntyped(ObjectId id) => new(id);
}
