// A line between client and host that breaks. Enters: the host's address and a seed. Leaves: an address in front of it.
// Always holds: what the client sends reaches the host whole; where the seed says so, the host's answer to a submission
// is thrown away after the host wrote it, and the line is cut.
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EventSourced.Client.Tests;

internal sealed class CutLine : IAsyncDisposable
{
    private const string Submission = "Idempotency-Key:";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _host;
    private readonly Random _random;
    private Task _running = Task.CompletedTask;
    private int _cuts;

    private CutLine(Uri host, int seed) => (_host, _random) = (host, new Random(seed));

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public int Cuts => Volatile.Read(ref _cuts);

    public static CutLine Start(Uri host, int seed)
    {
        var line = new CutLine(host, seed);
        line._listener.Start();
        line._running = line.AcceptAsync();
        return line;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true) lines.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        finally
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var isCut = false;
        try
        {
            await far.ConnectAsync(_host.Host, _host.Port, ended.Token);
            var there = PumpAsync(near.GetStream(), far.GetStream(), bytes =>
            {
                if (Encoding.ASCII.GetString(bytes).Contains(Submission, StringComparison.OrdinalIgnoreCase))
                    lock (_random) Volatile.Write(ref isCut, _random.Next(2) == 0);
                return true;
            }, ended.Token);
            var back = PumpAsync(far.GetStream(), near.GetStream(), _ =>
            {
                if (!Volatile.Read(ref isCut)) return true;
                Interlocked.Increment(ref _cuts);
                return false;
            }, ended.Token);
            await Task.WhenAny(there, back);
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
        {
            // A line that breaks is what this is for.
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private static async Task PumpAsync(
        NetworkStream from, NetworkStream to, Func<ReadOnlySpan<byte>, bool> goesOn, CancellationToken cancellation)
    {
        var buffer = new byte[64 << 10];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, cancellation)) > 0)
            {
                if (!goesOn(buffer.AsSpan(0, read))) return;
                await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // The other end is gone.
        }
    }
}
