namespace Pinfold.Sharding;

/// <summary>
/// The body of an object: a record of the application that says under which number and table it is kept.
/// </summary>
public interface IObject<TSelf> where TSelf : class, IObject<TSelf>
{
    /// <summary>The one declaration of this type; the same instance each time.</summary>
    static abstract ObjectType<TSelf> Type { get; }
}
