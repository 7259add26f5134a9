namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>The statements that a connection keeps prepared, per table where there is a choice.</summary>
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
    InsertEntry,
    ChangeEntry,
    DeleteEntry,
    FindEntry,
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
    const string Touch = "SET version=version+1,seq=?1", Met = "WHERE local_id=?2", OfVersion = "AND version=?3";
    const string PageColumns = "SELECT to_id,sequence,body FROM",
        NameColumns = "SELECT kind,name,owner_id,owner_shard,owner_tx,at FROM names";

    /// <summary>Its text; parameters stand in the order in which they are given.</summary>
    public static string Text(this SqliteSql sql, string table) => sql switch
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

        SqliteSql.InsertObject => $"INSERT INTO {table}(local_id,version,seq,state,body)VALUES(?1,1,?2,0,?3)",
        SqliteSql.UpdateObject => $"UPDATE {table} {Touch},body=?3 {Met} AND state=0",
        SqliteSql.UpdateObjectOfVersion => $"UPDATE {table} {Touch},body=?4 {Met} {OfVersion} AND state=0",
        SqliteSql.DeleteObject => $"UPDATE {table} {Touch},state=1 {Met} AND state=0",
        SqliteSql.DeleteObjectOfVersion => $"UPDATE {table} {Touch},state=1 {Met} {OfVersion} AND state=0",
        SqliteSql.EraseObject => $"UPDATE {table} {Touch},state=2,body=x'7b7d' {Met} AND state<2",
        SqliteSql.EraseObjectOfVersion => $"UPDATE {table} {Touch},state=2,body=x'7b7d' {Met} {OfVersion} AND state<2",
        SqliteSql.FindObject => $"SELECT version,seq,body FROM {table} WHERE local_id=?1 AND state=0",

        SqliteSql.InsertEntry =>
            $"INSERT INTO {table}(from_id,to_id,sequence,body)VALUES(?1,?2,?3,?4)ON CONFLICT DO NOTHING",
        SqliteSql.ChangeEntry => $"UPDATE {table} SET sequence=?3,body=?4 WHERE from_id=?1 AND to_id=?2",
        SqliteSql.DeleteEntry => $"DELETE FROM {table} WHERE from_id=?1 AND to_id=?2",
        SqliteSql.FindEntry => $"{PageColumns} {table} WHERE from_id=?1 AND to_id=?2",
        SqliteSql.PageDescending => $"""
            {PageColumns} {table} WHERE from_id=?1 AND(sequence,to_id)<(?2,?3)AND sequence>=?4
            ORDER BY sequence DESC,to_id DESC LIMIT ?5
            """,
        SqliteSql.PageAscending => $"""
            {PageColumns} {table} WHERE from_id=?1 AND(sequence,to_id)>(?2,?3)AND sequence<=?4
            ORDER BY sequence,to_id LIMIT ?5
            """,
        SqliteSql.AddToCount =>
            "INSERT INTO mapping_counts(from_id,mapping,n)VALUES(?1,?2,1)ON CONFLICT DO UPDATE SET n=n+1",
        SqliteSql.TakeFromCount => "UPDATE mapping_counts SET n=n-1 WHERE from_id=?1 AND mapping=?2",
        SqliteSql.FindCount => "SELECT n FROM mapping_counts WHERE from_id=?1 AND mapping=?2",

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
