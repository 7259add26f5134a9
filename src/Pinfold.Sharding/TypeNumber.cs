using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Pinfold.Sharding;

/// <summary>
/// The number that objects with a body of <typeparamref name="T"/> have in their ids, in every model of the process:
/// it is learnt when the <see cref="ObjectType{T}"/> is declared, so that an id can be read where no model is at hand.
/// </summary>
static class TypeNumber<T> where T : class
{
    static readonly StrongBox<int> Declared = new();

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">No type was declared for this body so far.</exception>
    public static int Value
    {
        [UnconditionalSuppressMessage("Trimming", "IL2059",
            Justification = "Where nothing is left of such a member, the message says what to do.")]
        get
        {
            if (Volatile.Read(ref Declared.Value) is var number and not 0)
                return number;
            // A record that declares its own type in a static member of itself has perhaps not been touched yet.
            RuntimeHelpers.RunClassConstructor(typeof(T).TypeHandle);
            return Volatile.Read(ref Declared.Value) is var late and not 0
                ? late
                : throw new InvalidOperationException(
                    $"No object type is declared for {typeof(T).Name}: make its ObjectType<{typeof(T).Name}> first.");
        }
    }

    /// <exception cref="PinfoldException">Invalid: this body has another number already.</exception>
    public static void Declare(int number)
    {
        var before = Interlocked.CompareExchange(ref Declared.Value, number, 0);
        if (before != 0 && before != number)
            throw PinfoldException.Invalid(
                $"{typeof(T).Name} is the body of object type {before} already and cannot be that of {number} too: "
                + "one record, one type.");
    }
}
