using System.Net;
using System.Net.Sockets;

namespace Pinfold.Lab.Processes;

/// <summary>Finds free ports on loopback.</summary>
public static class LoopbackPort
{
    // Below the range from which the kernel takes ports for outgoing connections, so that none of them occupies a
    // server's port while that server is being restarted.
    const int First = 20000;
    const int Last = 31999;
    const int TriesMax = 200;

    /// <summary>A port that nobody listens on now, and that the kernel gives to nobody by itself.</summary>
    public static int FindFree()
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var port = Random.Shared.Next(First, Last + 1);
            if (IsFree(port))
                return port;
        }
        throw new InvalidOperationException($"No free port found between {First} and {Last} in {TriesMax} tries.");
    }

    /// <summary>Whether nobody has this port on loopback now.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
