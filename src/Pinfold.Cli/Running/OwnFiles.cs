using System.Runtime.InteropServices;

namespace Pinfold.Cli.Running;

/// <summary>What this process, and every library in it, does with files.</summary>
static class OwnFiles
{
    const int GroupAndOthers = 0b111_111;

    // Also where the framework keeps the bodies of forms, and where libvips and SQLite put what fits no memory.
    static readonly string[] TemporaryFolderVariables = ["TMPDIR", "TMP", "TEMP", "ASPNETCORE_TEMP"];

    /// <summary>What is made from now on is for the user alone who runs this.</summary>
    public static void CloseToOthers()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetMask(GroupAndOthers);
    }

    /// <summary>
    /// The machine's folder for temporary files is left alone: it is everybody's, small, or read-only.
    /// </summary>
    public static void KeepTemporaryIn(string folder)
    {
        foreach (var name in TemporaryFolderVariables)
        {
            Environment.SetEnvironmentVariable(name, folder);
            // .NET keeps a copy of its own; libraries that are not .NET ask the system.
            if (!OperatingSystem.IsWindows())
                _ = SetVariable(name, folder, overwrite: 1);
        }
    }

    [DllImport("libc", EntryPoint = "umask")]
    static extern int SetMask(int mask);

    [DllImport("libc", EntryPoint = "setenv")]
    static extern int SetVariable(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value,
        int overwrite);
}
