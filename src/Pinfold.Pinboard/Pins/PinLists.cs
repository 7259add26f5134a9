using System.Text;
using Pinfold.Pinboard.Budgets;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Pins;

/// <summary>
/// The lists that a pin is in: for its owner all of its user, board, section and import; for everybody those of what is
/// public. The one place that says which.
/// </summary>
static class PinLists
{
    /// <summary>The most changes with which a pin is made, itself included.</summary>
    public const int ChangesMax = 9;

    /// <summary>The most changes with which one goes.</summary>
    public const int RemovalChangesMax = 13;

    public static void Add(Transaction transaction, NewObject<Pin> id, Pin pin, bool isBoardSecret)
    {
        transaction.Put(UserHasPins, pin.Owner, id, pin.Sequence, PinWeight.ToBytes(PinWeight.Of(pin)));
        PutOnBoard(transaction, id, pin);
        if (AwaitedPictures.IsAwaited(pin))
            transaction.Put(UserAwaitsPictures, pin.Owner, id, 0);
        if (pin.ImportKey is { } key)
            transaction.Put(
                UserHasImportedPins, pin.Owner, id, ImportedPins.SequenceOf(key), Encoding.UTF8.GetBytes(key));
        if (IsPublic(pin, isBoardSecret))
            Show(transaction, id, pin);
    }

    public static void Remove(Transaction transaction, ObjectId<Pin> id, Pin pin)
    {
        transaction.Remove(UserHasPins, pin.Owner, id);
        Hide(transaction, id, pin);
        RemoveFromBoard(transaction, id, pin);
        AwaitedPictures.Change(transaction, id, pin, after: null);
        if (pin.ImportKey is not null)
            transaction.Remove(UserHasImportedPins, pin.Owner, id);
    }

    /// <summary>From where it was to where it is, and from what it was to what it is.</summary>
    public static void Move(Transaction transaction, ObjectId<Pin> id, Pin from, Pin to, bool isBoardSecret)
    {
        RemoveFromBoard(transaction, id, from);
        PutOnBoard(transaction, id, to);
        ShowOrHide(transaction, id, to, isBoardSecret);
    }

    /// <summary>Makes the lists for everybody what they should be, whatever they were.</summary>
    public static void PutRight(Transaction transaction, ObjectId<Pin> id, Pin pin, bool isBoardSecret)
    {
        PutOnBoard(transaction, id, pin);
        if (pin.IsSecret)
            transaction.Remove(BoardHasPublicPins, pin.Board, id);
        if (pin is { IsSecret: true, Section.IsNone: false })
            transaction.Remove(SectionHasPublicPins, pin.Section, id);
        ShowOrHide(transaction, id, pin, isBoardSecret);
    }

    /// <summary>Of a section that is removed; the pin stays on its board.</summary>
    public static void RemoveFromSection(Transaction transaction, ObjectId<Pin> id, ObjectId<Section> section)
    {
        transaction.Remove(SectionHasPins, section, id);
        transaction.Remove(SectionHasPublicPins, section, id);
    }

    static void PutOnBoard(Transaction transaction, ObjectRef<Pin> id, Pin pin)
    {
        transaction.Put(BoardHasPins, pin.Board, id, pin.Sequence);
        if (!pin.IsSecret)
            transaction.Put(BoardHasPublicPins, pin.Board, id, pin.Sequence);
        if (pin.Section.IsNone)
            return;
        transaction.Put(SectionHasPins, pin.Section, id, pin.Sequence);
        if (!pin.IsSecret)
            transaction.Put(SectionHasPublicPins, pin.Section, id, pin.Sequence);
    }

    static void RemoveFromBoard(Transaction transaction, ObjectId<Pin> id, Pin pin)
    {
        transaction.Remove(BoardHasPins, pin.Board, id);
        transaction.Remove(BoardHasPublicPins, pin.Board, id);
        if (!pin.Section.IsNone)
            RemoveFromSection(transaction, id, pin.Section);
    }

    static void ShowOrHide(Transaction transaction, ObjectId<Pin> id, Pin pin, bool isBoardSecret)
    {
        if (IsPublic(pin, isBoardSecret))
            Show(transaction, id, pin);
        else
            Hide(transaction, id, pin);
    }

    static void Show(Transaction transaction, ObjectRef<Pin> id, Pin pin)
    {
        transaction.Put(UserHasPublicPins, pin.Owner, id, pin.Sequence);
        foreach (var from in SavedFrom(pin))
            transaction.Put(PinSavedFromPin, id, from, pin.Sequence);
    }

    static void Hide(Transaction transaction, ObjectId<Pin> id, Pin pin)
    {
        transaction.Remove(UserHasPublicPins, pin.Owner, id);
        foreach (var from in SavedFrom(pin))
            transaction.Remove(PinSavedFromPin, id, from);
    }

    /// <summary>Among whose repins it is counted.</summary>
    static IEnumerable<ObjectId<Pin>> SavedFrom(Pin pin) =>
        pin.Origin is { } origin ? new[] { origin.First.Pin, origin.Last.Pin }.Distinct() : [];

    static bool IsPublic(Pin pin, bool isBoardSecret) => !pin.IsSecret && !isBoardSecret;
}
