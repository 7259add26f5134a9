namespace Pinfold.Lab.Programs;

/// <summary>
/// A program that serves on loopback out of a folder: what it needs there, how it is started, and when it answers.
/// </summary>
public abstract class ServerProgram
{
    /// <summary>For folders and commands: <c>mariadb</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Lays down what the first start needs; the folder is there and empty.</summary>
    /// <exception cref="Sharding.PinfoldException">Unavailable: the program is not on this machine; it says how to
    /// get it.</exception>
    public virtual Task MakeAsync(string folder) => Task.CompletedTask;

    /// <summary>Program and arguments that listen on the port; run in the folder.</summary>
    public abstract IReadOnlyList<string> Command(string folder, int port);

    /// <summary>Environment variables beside those that are inherited.</summary>
    public virtual IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>();

    /// <summary>Whether the server answers a request now.</summary>
    public abstract Task<bool> IsReadyAsync(int port);

    /// <summary>Which version answers: <c>10.11.6-MariaDB</c>.</summary>
    public abstract Task<string> ReadVersionAsync(int port);
}
