// A TCP relay that a test can cut: every open connection breaks at once, later ones pass again (or not).
using System.Net;
using System.Net.Sockets;

namespace EventSourced.Ethereum.Tests.Rpc;

internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;
    private CancellationTokenSource _open = new();

    public CuttableProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool Refusing { get; set; }

    public int Connections { get; private set; }

    public async Task CutAsync()
    {
        var cut = Interlocked.Exchange(ref _open, new CancellationTokenSource());
        await cut.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await CutAsync();
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                Connections++;
                if (Refusing) client.Dispose();
                else relays.Add(RelayAsync(client, _open.Token));
            }
        }
        catch (Exception closed)
            when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(TcpClient client, CancellationToken cut)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target, cut);
            var (a, b) = (near.GetStream(), far.GetStream());
            await Task.WhenAny(a.CopyToAsync(b, cut), b.CopyToAsync(a, cut));
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException)
        {
        }
    }
}
