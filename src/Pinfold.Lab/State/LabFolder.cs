using System.Security.Cryptography;
using System.Text.Json;
using Pinfold.Sharding;

namespace Pinfold.Lab.State;

/// <summary>
/// A lab's folder: a folder for each server, the topology, the password, and what the lab knows of itself.
/// </summary>
public sealed class LabFolder : IDisposable
{
    /// <summary>The file by which a folder is known to be a lab.</summary>
    public const string StateName = "lab.json";

    const string LockName = "lab.lock", PasswordName = "password";
    const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly Lock _gate = new();
    readonly FileStream? _turn;

    LabFolder(string path, LabState state, FileStream? turn) => (Path, State, _turn) = (path, state, turn);

    public string Path { get; }

    public LabState State { get; private set; }

    public string TopologyPath => this["topology.json"];

    public string PasswordPath => this[PasswordName];

    /// <summary>Of every account on every server.</summary>
    public string Password => File.ReadAllText(PasswordPath).Trim();

    /// <summary>Where <c>serve</c> keeps pictures and keys when it runs on this lab.</summary>
    public string DataPath => this["pinfold-data"];

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Opens a lab to look at it.</summary>
    /// <exception cref="PinfoldException">NotFound: there is none. Corrupt: its file cannot be read.</exception>
    public static LabFolder Look(string path) => new(path, Read(path) ?? throw NoLab(path), turn: null);

    /// <summary>Opens a lab to change it; nobody else does until it is disposed.</summary>
    /// <exception cref="PinfoldException">NotFound: there is none. Conflict: another command works on it. Corrupt: its
    /// file cannot be read.</exception>
    public static LabFolder Open(string path)
    {
        if (!File.Exists(System.IO.Path.Combine(path, StateName)))
            throw NoLab(path);
        return OpenLocked(path, () => throw NoLab(path));
    }

    /// <summary>Opens a lab, or begins one in a folder that is empty or not there.</summary>
    /// <exception cref="PinfoldException">Conflict: the folder holds something else, or another command works on it.
    /// Unavailable: it cannot be made.</exception>
    public static LabFolder OpenOrBegin(string path, Func<LabState> begin)
    {
        if (File.Exists(path))
            throw new PinfoldException(ErrorKind.Conflict, $"{path} is a file; a lab needs a folder.");
        if (Directory.Exists(path) && Read(path) is null
            && Directory.EnumerateFileSystemEntries(path).Any(e => System.IO.Path.GetFileName(e) != LockName))
            throw new PinfoldException(ErrorKind.Conflict,
                $"{path} holds something that is no lab: name an empty folder, or one that is not there, by --folder.");
        try
        {
            Directory.CreateDirectory(path);
            CloseToOthers(path, OwnFolder);
            return OpenLocked(path, begin);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PinfoldException(ErrorKind.Unavailable, $"A lab cannot be in {path}: {e.Message}", e);
        }
    }

    /// <summary>Changes what the lab knows of itself, and keeps it.</summary>
    public LabState Change(Func<LabState, LabState> change)
    {
        lock (_gate)
        {
            var state = change(State);
            WriteOwn(StateName, JsonSerializer.Serialize(state, LabJson.Default.LabState));
            return State = state;
        }
    }

    /// <summary>Changes one server, and keeps it.</summary>
    public LabServer Change(string name, Func<LabServer, LabServer> change) =>
        Get(Change(state => state.With(change(Get(state, name)))), name);

    /// <exception cref="PinfoldException">NotFound: no server is called so; it says which there are.</exception>
    public LabServer Get(string name) => Get(State, name);

    /// <summary>Writes a file of the lab for its user alone; it is there whole or not at all.</summary>
    public void WriteOwn(string name, string text)
    {
        var arriving = this[name + ".new"];
        File.WriteAllText(arriving, text);
        CloseToOthers(arriving, OwnFile);
        File.Move(arriving, this[name], overwrite: true);
    }

    /// <summary>Takes away all that is in the folder, and the folder.</summary>
    public void Delete() => Directory.Delete(Path, recursive: true);

    public void Dispose() => _turn?.Dispose();

    static void CloseToOthers(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    static LabFolder OpenLocked(string path, Func<LabState> begin)
    {
        var turn = TakeTurn(path);
        try
        {
            if (Read(path) is { } state)
                return new LabFolder(path, state, turn);
            var folder = new LabFolder(path, begin(), turn);
            folder.WriteOwn(PasswordName, RandomNumberGenerator.GetHexString(24, lowercase: true));
            folder.Change(begun => begun);
            return folder;
        }
        catch (Exception)
        {
            turn.Dispose();
            throw;
        }
    }

    static FileStream TakeTurn(string path)
    {
        try
        {
            return new FileStream(
                System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new PinfoldException(ErrorKind.Conflict,
                $"Another command works on the lab in {path}: wait for its end.", e);
        }
    }

    static LabState? Read(string path)
    {
        var file = System.IO.Path.Combine(path, StateName);
        if (!File.Exists(file))
            return null;
        try
        {
            var state = JsonSerializer.Deserialize(File.ReadAllText(file), LabJson.Default.LabState);
            return state is { Format: LabState.CurrentFormat } ? state
                : throw new PinfoldException(ErrorKind.Corrupt, $"{file} is of another version of this program.");
        }
        catch (JsonException e)
        {
            throw new PinfoldException(ErrorKind.Corrupt, $"{file} is not what a lab wrote: {e.Message}", e);
        }
    }

    static LabServer Get(LabState state, string name) => state.Servers.FirstOrDefault(s => s.Name == name)
        ?? throw new PinfoldException(ErrorKind.NotFound, $"No server of this lab is called \"{name}\"; there is "
            + $"{string.Join(", ", state.Servers.Select(s => s.Name))}.");

    static PinfoldException NoLab(string path) => new(ErrorKind.NotFound,
        $"There is no lab in {path}: \"pinfold lab up\" begins one; --folder names another.");
}
