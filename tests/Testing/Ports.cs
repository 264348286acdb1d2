// Ports of the loopback for servers that a test starts. Leaves: a port that nobody listened on a moment ago.
using System.Net;
using System.Net.Sockets;

namespace EventSourced.Testing;

/// <summary>Ports of the loopback.</summary>
public static class Ports
{
    /// <summary>A free port.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
