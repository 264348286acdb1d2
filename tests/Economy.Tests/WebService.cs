// A service on the web that does an agent's work, well or badly. Enters: requests. Leaves: the answers that a test
// asks of it, byte by byte. Always holds: it counts how often it was asked.
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EventSourced.Economy.Tests;

/// <summary>An HTTP server in a few lines, so that it can lie about everything.</summary>
internal sealed class WebService : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _asked;

    internal WebService()
    {
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    /// <summary>What is answered to a request's body.</summary>
    internal Func<byte[], NetworkStream, CancellationToken, Task> Answer { get; set; } = EchoAsync;

    internal int Asked => Volatile.Read(ref _asked);

    internal string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/work";

    internal static Task EchoAsync(byte[] body, NetworkStream stream, CancellationToken cancellation) =>
        SayAsync(stream, "200 OK", body, cancellation);

    internal static async Task SayAsync(
        NetworkStream stream, string status, byte[] body, CancellationToken cancellation, long? length = null,
        string more = "")
    {
        var head = $"HTTP/1.1 {status}\r\ncontent-length: {length ?? body.Length}\r\n{more}connection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellation);
        await stream.WriteAsync(body, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = Task.Run(() => TalkAsync(client));
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var body = await BodyAsync(stream);
                Interlocked.Increment(ref _asked);
                await Answer(body, stream, _stop.Token);
            }
            catch (Exception fault) when (fault is IOException or OperationCanceledException)
            {
                // Whoever asked has left.
            }
        }
    }

    private async Task<byte[]> BodyAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!Encoding.ASCII.GetString([.. head.TakeLast(4)]).Equals("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0) throw new IOException("no request");
            head.Add(one[0]);
        }

        var length = Encoding.ASCII.GetString([.. head]).Split("\r\n")
            .Where(line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line.AsSpan(15), System.Globalization.CultureInfo.InvariantCulture)).Single();
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return body;
    }
}
