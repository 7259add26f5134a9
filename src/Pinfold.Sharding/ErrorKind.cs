namespace Pinfold.Sharding;

/// <summary>What went wrong, as far as a caller can act on it. Mapped once to HTTP and once to exit codes.</summary>
public enum ErrorKind
{
    /// <summary>The input is wrong; the message says what would be right. Nothing was changed.</summary>
    Invalid,

    /// <summary>There is no such object, shard, name or file. Never used for a shard that did not answer.</summary>
    NotFound,

    /// <summary>Somebody else was first: a version moved on, or a name is taken. Read again and decide.</summary>
    Conflict,

    /// <summary>The caller may not do this.</summary>
    Forbidden,

    /// <summary>A stated limit was passed: a size, a count, a rate, a full queue.</summary>
    LimitExceeded,

    /// <summary>The shard refused the write: its epoch is another one, or it is closed. Nothing was changed.</summary>
    Fenced,

    /// <summary>A server did not answer, or refused to. What was asked did not happen.</summary>
    Unavailable,

    /// <summary>The deadline passed. For a write, what was asked did not happen.</summary>
    DeadlineExceeded,

    /// <summary>A write was sent and its fate could not be learned in time; ask again by its transaction id.</summary>
    OutcomeUnknown,

    /// <summary>Stored data is not what was written: damaged, or of a newer version than this program knows.</summary>
    Corrupt,
}
