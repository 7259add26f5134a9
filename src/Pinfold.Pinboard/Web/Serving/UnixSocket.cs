using System.Net.Sockets;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>Listening at a file, for a proxy on the same machine.</summary>
static class UnixSocket
{
    // errno of opening a socket as a file: ENXIO 6 on Linux, EOPNOTSUPP 102 on macOS.
    static readonly int[] OpenedSocket = [6, 102];

    // Its folder says who may come in, as for any file that a service leaves for others.
    const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Binds it; a socket that a process left which is no more is taken over.</summary>
    /// <exception cref="IOException">Somebody listens there, or there is a file that is no socket.</exception>
    public static Socket Bind(string path)
    {
        if (File.Exists(path))
            TakeOver(path);
        var socket = New();
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, Everybody);
            return socket;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw;
        }
    }

    static void TakeOver(string path)
    {
        if (!IsSocket(path))
            throw new IOException("there is a file of that name, and it is no socket");
        try
        {
            using var caller = New();
            caller.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        throw new IOException("another program listens at that socket");
    }

    /// <summary>A socket cannot be opened as a file, and the system says that this is why.</summary>
    static bool IsSocket(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            return false;
        }
        catch (IOException e) when (OpenedSocket.Contains(e.HResult))
        {
            return true;
        }
    }

    static Socket New() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
