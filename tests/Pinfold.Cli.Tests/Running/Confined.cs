using System.Runtime.InteropServices;

namespace Pinfold.Cli.Tests.Running;

/// <summary>
/// The executable as a service manager or a container may run it: as a user who is nobody, in a network of its own
/// with nothing in it, with a read-only root and <c>/tmp</c>, no mask, and one folder that it may write.
/// </summary>
sealed class Confined
{
    const string Nobody = "65534";

    /// <summary>
    /// What it needs is mounted under a root that everybody may pass, since this may run out of a private folder.
    /// </summary>
    const string Confine =
        """
        set -e
        program=$1 runtime=$2 folder=$3 user=$4
        shift 5
        mount --make-rprivate /
        mount -t tmpfs tmpfs /mnt
        mkdir /mnt/program /mnt/runtime /mnt/folder
        mount --bind "$program" /mnt/program
        mount --bind "$runtime" /mnt/runtime
        mount --bind "$folder" /mnt/folder
        for path in /mnt/program /mnt/runtime; do mount -o remount,bind,ro "$path"; done
        mount -o remount,ro /mnt
        for path in /tmp /var/tmp /dev/shm /run; do mount -t tmpfs -o ro tmpfs "$path"; done
        mount -o remount,bind,ro /
        umask 000
        cd /
        [ "$user" = own ] || as_user="setpriv --reuid=$user --regid=$user --clear-groups"
        exec $as_user env -i PATH="$PATH" HOME=/nonexistent DOTNET_ROOT=/mnt/runtime /mnt/program/pinfold "$@"
        """;

    static readonly bool IsRoot = Environment.UserName == "root";

    public Confined(string folder)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        if (IsRoot)
            _ = Own(folder, int.Parse(Nobody), int.Parse(Nobody));
    }

    /// <summary>The one that it may write.</summary>
    public string Folder { get; }

    public string Data => Path.Combine(Folder, "data");

    public string Socket => Path.Combine(Folder, "socket");

    public Task<Served> ServeAsync() => Served.StartAsync(
        [
            "serve", "--data", "/mnt/folder/data", "--urls", "http://unix:/mnt/folder/socket", "--no-fetch",
        ], null,
        [
            "unshare", .. IsRoot ? (string[])[] : ["--user", "--map-root-user"], "--mount", "--net", "--",
            "sh", "-c", Confine, "sh", AppContext.BaseDirectory, Runtime, Folder, IsRoot ? Nobody : "own",
        ]);

    static string Runtime => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
    static extern int Own([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int user, int group);
}
