namespace Pinfold.Testing.Proxy;

/// <summary>The commands of the MySQL protocol, by their first byte.</summary>
public enum CommandKind : byte
{
    Quit = 0x01,
    InitDatabase = 0x02,
    Query = 0x03,
    Statistics = 0x09,
    Ping = 0x0e,
    ChangeUser = 0x11,
    PrepareStatement = 0x16,
    ExecuteStatement = 0x17,
    SendLongData = 0x18,
    CloseStatement = 0x19,
    ResetStatement = 0x1a,
    SetOption = 0x1b,
    ResetConnection = 0x1f,
    BulkExecuteStatement = 0xfa,
}

/// <summary>One command that a client sent; <see cref="Sql"/> is empty unless it is a query or a prepare.</summary>
public sealed record ClientCommand(CommandKind Kind, string Sql)
{
    /// <summary>Quit, close and long data are sent and forgotten; all else waits for a reply.</summary>
    public bool AwaitsReply => Kind is not (CommandKind.Quit or CommandKind.CloseStatement or CommandKind.SendLongData);
}
