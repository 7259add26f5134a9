namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>The statements that a connection keeps prepared.</summary>
enum SqliteSql
{
    Begin,
    BeginImmediate,
    Commit,
    Fence,
    InsertJournal,
    FindTransaction,
    ReadJournal,
    FindShard,
    InsertObject,
    UpdateObject,
    UpdateObjectOfVersion,
    DeleteObject,
    DeleteObjectOfVersion,
    EraseObject,
    EraseObjectOfVersion,
    FindObject,
    FindVersion,
    ScanObjects,
    InsertEntry,
    InsertReverse,
    ChangeEntry,
    DeleteEntry,
    FindEntry,
    FindPair,
    ChangeReverse,
    SweepTombstones,
    PageDescending,
    PageAscending,
    AddToCount,
    TakeFromCount,
    FindCount,
    ReserveName,
    ConfirmName,
    ReleaseName,
    FindName,
    FindOldReservations,
}

static class SqliteSqlText
{
    const string Touch = "SET version=version+1,seq=?1", Met = "WHERE type=?2 AND local_id=?3",
        OfVersion = "AND version=?4";
    const string List = "mapping=?1 AND from_id=?2", Pair = $"WHERE {List} AND to_id=?3",
        Count = $"WHERE {List} AND sequence=0 AND to_id=0";
    const string OldTombstones = $"entries WHERE {List} AND n=-1 AND sequence<?3 ORDER BY sequence";
    const string PageColumns = "SELECT to_id,sequence,body FROM",
        NameColumns = "SELECT kind,name,owner_id,owner_shard,owner_tx,at FROM names";

    /// <summary>Its text; parameters stand in the order in which they are given.</summary>
    public static string Text(this SqliteSql sql) => sql switch
    {
        SqliteSql.Begin => "BEGIN",
        SqliteSql.BeginImmediate => "BEGIN IMMEDIATE",
        SqliteSql.Commit => "COMMIT",

        // NULL, which the column refuses, unless epoch, state and the room for local ids are as the writer believes.
        SqliteSql.Fence => """
            UPDATE shard SET
              last_seq=CASE WHEN epoch=?2 AND state=1 AND last_local_id<=?3-?5 THEN last_seq+?4 END,
              last_local_id=last_local_id+?5
            WHERE id=?1 RETURNING last_seq,last_local_id
            """,
        SqliteSql.InsertJournal =>
            "INSERT INTO journal(seq,tx,at,local_base,entries)VALUES(?1,?2,?3,?4,?5)ON CONFLICT(tx)DO NOTHING",
        SqliteSql.FindTransaction => "SELECT seq,local_base FROM journal WHERE tx=?1",
        SqliteSql.ReadJournal => "SELECT seq,tx,at,local_base,entries FROM journal WHERE seq>?1 ORDER BY seq LIMIT ?2",
        SqliteSql.FindShard => "SELECT epoch,state,last_seq,last_local_id FROM shard WHERE id=?1",

        SqliteSql.InsertObject =>
            "INSERT INTO objects(type,local_id,version,seq,state,body)VALUES(?1,?2,1,?3,0,?4)",
        SqliteSql.UpdateObject => $"UPDATE objects {Touch},body=?4 {Met} AND state=0",
        SqliteSql.UpdateObjectOfVersion => $"UPDATE objects {Touch},body=?5 {Met} {OfVersion} AND state=0",
        SqliteSql.DeleteObject => $"UPDATE objects {Touch},state=1 {Met} AND state=0",
        SqliteSql.DeleteObjectOfVersion => $"UPDATE objects {Touch},state=1 {Met} {OfVersion} AND state=0",
        SqliteSql.EraseObject => $"UPDATE objects {Touch},state=2,body=x'7b7d' {Met} AND state<2",
        SqliteSql.EraseObjectOfVersion => $"UPDATE objects {Touch},state=2,body=x'7b7d' {Met} {OfVersion} AND state<2",
        SqliteSql.FindObject => "SELECT version,seq,body FROM objects WHERE type=?1 AND local_id=?2 AND state=0",
        SqliteSql.FindVersion => "SELECT version FROM objects WHERE type=?1 AND local_id=?2 AND state=0",
        SqliteSql.ScanObjects =>
            "SELECT local_id,version,seq,body FROM objects WHERE type=?1 AND local_id>?2 AND state=0 "
            + "ORDER BY local_id LIMIT ?3",

        SqliteSql.InsertEntry =>
            "INSERT INTO entries(mapping,from_id,to_id,sequence,body)VALUES(?1,?2,?3,?4,?5)ON CONFLICT DO NOTHING",
        SqliteSql.ChangeEntry => $"UPDATE entries SET sequence=?4,body=?5 {Pair}",
        SqliteSql.DeleteEntry => $"DELETE FROM entries {Pair}",
        SqliteSql.InsertReverse => "INSERT INTO entries(mapping,from_id,to_id,sequence,body,n)" +
            "VALUES(?1,?2,?3,?4,?5,NULLIF(?6,0))",
        SqliteSql.FindEntry => $"{PageColumns} entries {Pair} AND n IS NULL",
        SqliteSql.FindPair => $"SELECT n IS NULL,body FROM entries {Pair}",
        SqliteSql.ChangeReverse => $"UPDATE entries SET sequence=?4,body=?5,n=NULLIF(?6,0) {Pair}",
        SqliteSql.SweepTombstones =>
            $"DELETE FROM entries WHERE {List} AND n=-1 AND sequence IN(SELECT sequence FROM {OldTombstones} LIMIT ?4)",
        SqliteSql.PageDescending => $"""
            {PageColumns} entries WHERE {List} AND(sequence,to_id)<(?3,?4)AND sequence>=?5 AND n IS NULL
            ORDER BY sequence DESC,to_id DESC LIMIT ?6
            """,
        SqliteSql.PageAscending => $"""
            {PageColumns} entries WHERE {List} AND(sequence,to_id)>(?3,?4)AND sequence<=?5 AND n IS NULL
            ORDER BY sequence,to_id LIMIT ?6
            """,

        // The row that counts a list leads to 0, which is nobody's id.
        SqliteSql.AddToCount =>
            "INSERT INTO entries(mapping,from_id,sequence,to_id,n,body)VALUES(?1,?2,0,0,1,x'')" +
            "ON CONFLICT DO UPDATE SET n=n+1",
        SqliteSql.TakeFromCount => $"UPDATE entries SET n=n-1 {Count}",
        SqliteSql.FindCount => $"SELECT n FROM entries {Count}",

        SqliteSql.ReserveName =>
            "INSERT INTO names(kind,name,owner_id,owner_shard,owner_tx,at)VALUES(?1,?2,0,?3,?4,?5)" +
            "ON CONFLICT DO NOTHING",
        SqliteSql.ConfirmName => "UPDATE names SET owner_id=?1 WHERE kind=?2 AND name=?3 AND owner_tx=?4",
        SqliteSql.ReleaseName =>
            "DELETE FROM names WHERE kind=?1 AND name=?2 AND(owner_id=?3 AND ?3<>0 OR owner_tx=?4)",
        SqliteSql.FindName => $"{NameColumns} WHERE kind=?1 AND name=?2",
        SqliteSql.FindOldReservations => $"{NameColumns} WHERE owner_id=0 AND at<?1 ORDER BY at LIMIT ?2",
        _ => throw new ArgumentOutOfRangeException(nameof(sql), sql, "There is no text for this statement."),
    };
}
