namespace Pinfold.Testing.Servers;

/// <summary>A test server that runs a program of the lab.</summary>
public abstract class ProgramServer : TestServer
{
    readonly ServerProgram _program;

    private protected ProgramServer(ServerProgram program) : base(program.Name) => _program = program;

    private protected override IReadOnlyList<string> Command => _program.Command(Folder, Port);

    private protected override IReadOnlyDictionary<string, string> EnvironmentVariables => _program.Variables;

    private protected override Task<bool> IsReadyAsync() => _program.IsReadyAsync(Port);

    private protected async Task StartAsNewAsync()
    {
        await _program.MakeAsync(Folder);
        await StartOnFreePortAsync();
    }
}
