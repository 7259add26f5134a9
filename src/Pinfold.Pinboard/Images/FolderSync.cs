using System.Runtime.InteropServices;

namespace Pinfold.Pinboard.Images;

/// <summary>
/// Makes a folder's entries survive a power cut: on Unix a rename is durable only when the folder was synced too, and
/// .NET opens no folders. Windows needs, and has, no such call.
/// </summary>
internal static class FolderSync
{
    const int ReadOnly = 0;

    // EINVAL: some network file systems have no fsync of folders, and promise no more than that.
    const int NotSupported = 22;

    /// <exception cref="IOException">The folder cannot be opened or synced; HResult is errno.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
            throw Failure(folder);
        try
        {
            if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() != NotSupported)
                throw Failure(folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    static IOException Failure(string folder) =>
        new($"{folder} cannot be synced to disk.", Marshal.GetLastPInvokeError());

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    static extern int Close(int descriptor);
}
