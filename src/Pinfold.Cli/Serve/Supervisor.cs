using System.Net.Sockets;
using System.Text;

namespace Pinfold.Cli.Serve;

/// <summary>Tells a service manager how far the service is (sd_notify(3)); without one nothing is told.</summary>
static class Supervisor
{
    public const string Ready = "READY=1";
    public const string Stopping = "STOPPING=1";

    public static void Tell(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } path)
            return;
        // A name with @ is in the abstract namespace, which begins with a zero.
        var address = new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path[1..]}" : path);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), address);
        }
        catch (SocketException e)
        {
            Console.Error.WriteLine($"The service manager could not be told {state}: {e.Message}");
        }
    }
}
