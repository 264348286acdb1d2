// A real HTTP server that answers as a test tells it, fault by fault. Enters: a script from request body to reply.
// Leaves: replies over loopback: states, headers, gzip, delays, cut bodies. It counts requests and connections.
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace EventSourced.Ethereum.Tests.Rpc;

/// <summary>How a scripted node replies to one request.</summary>
internal sealed record Reply(string Body, int Status = 200)
{
    public string? RetryAfter { get; init; }

    public bool Gzip { get; init; }

    /// <summary>Promise the whole body, send half of it, close.</summary>
    public bool CutInHalf { get; init; }

    /// <summary>Close without a word.</summary>
    public bool HangUp { get; init; }

    /// <summary>Never answer.</summary>
    public bool Silence { get; init; }

    public static Reply Result(JsonNode request, string result) =>
        new($$"""{"jsonrpc":"2.0","id":{{request["id"]}},"result":{{result}}}""");

    public static Reply Error(JsonNode request, int code, string message, string data = "null") => new(
        $$$"""{"jsonrpc":"2.0","id":{{{request["id"]}}},"error":{"code":{{{code}}},"message":"{{{message}}}","data":{{{data}}}}}""");
}

internal sealed class ScriptedNode : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Func<JsonNode, Reply> _script;
    private readonly Task _accepting;
    private int _connections;
    private int _requests;

    public ScriptedNode(Func<JsonNode, Reply> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Connections => _connections;

    public int Requests => _requests;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(ServeAsync(client));
            }
        }
        catch (Exception closed)
            when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            while (await ReadRequestAsync(stream) is { } body)
            {
                Interlocked.Increment(ref _requests);
                var reply = _script(JsonNode.Parse(body)!);
                if (reply.HangUp) return;
                if (reply.Silence) await Task.Delay(Timeout.Infinite, _closing.Token);
                await WriteAsync(stream, reply);
                if (reply.CutInHalf) return;
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException)
        {
        }
    }

    private async Task<string?> ReadRequestAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!(head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n'))
        {
            if (await stream.ReadAsync(one, _closing.Token) == 0) return null;
            head.Add(one[0]);
        }

        var length = Encoding.ASCII.GetString([.. head]).Split("\r\n")
            .First(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1];
        var body = new byte[int.Parse(length)];
        await stream.ReadExactlyAsync(body, _closing.Token);
        return Encoding.UTF8.GetString(body);
    }

    private async Task WriteAsync(NetworkStream stream, Reply reply)
    {
        var body = Encoding.UTF8.GetBytes(reply.Body);
        if (reply.Gzip)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(body);
            body = packed.ToArray();
        }

        var head = $"HTTP/1.1 {reply.Status} X\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n" +
            (reply.Gzip ? "Content-Encoding: gzip\r\n" : "") + (
                reply.RetryAfter is { } after ? $"Retry-After: {after}\r\n" : "") + "\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _closing.Token);
        await stream.WriteAsync(reply.CutInHalf ? body.AsMemory(0, body.Length / 2) : body, _closing.Token);
    }
}
