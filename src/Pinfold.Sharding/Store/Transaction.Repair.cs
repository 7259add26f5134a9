using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Store;

/// <summary>What puts right what is derived from the rest.</summary>
public sealed partial class Transaction
{
    /// <summary>Sets the count of a list to how many entries it has.</summary>
    internal void Recount(Mapping mapping, ObjectId from)
    {
        Here(from);
        Add(new RecountList(mapping, from), Repaired(mapping, from));
    }

    /// <summary>
    /// Changes nothing of a list; the journal goes on, so what is told of it now is newer than before.
    /// </summary>
    internal void SayRepaired(Mapping mapping, ObjectId from)
    {
        Here(from);
        Add(null, Repaired(mapping, from));
    }

    static JournalCodec.Draft Repaired(Mapping mapping, ObjectId from) =>
        new(JournalEntryKind.Event, from, mapping.Number, Name: JournalEvents.Repaired);
}
