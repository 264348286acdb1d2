// Clients: so many connections that each ask one request after the other over plain HTTP/1.1, with as little work of
// their own as possible. Leaves: how many were answered and how long each took. Always holds: an answer with an error
// ends the run.
using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EventSourced.BenchGraphQL;

internal sealed record Answered(long Requests, double Seconds, IReadOnlyList<double> Milliseconds);

internal static class Load
{
    private const int BufferBytes = 256 * 1024;

    public static async Task<Answered> RunAsync(Uri server, Question question, int connections, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var clients = await Task.WhenAll(Enumerable.Range(0, connections).Select(number =>
            Task.Run(() => AskAsync(server, question, number, started, time))));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new(clients.Sum(client => (long)client.Count), seconds, [.. clients.SelectMany(client => client)]);
    }

    public static async Task<string> AskOnceAsync(Uri server, byte[] request)
    {
        using var socket = await ConnectAsync(server);
        var buffer = new byte[BufferBytes];
        await socket.SendAsync(request);
        var (start, length) = await ReadAsync(socket, buffer);
        var text = Encoding.UTF8.GetString(buffer, start, length - start);
        return start > 0 && Head(buffer, length).Contains("chunked", StringComparison.OrdinalIgnoreCase)
            ? Unchunked(text) : text;
    }

    private static async Task<List<double>> AskAsync(
        Uri server, Question question, int number, long started, TimeSpan time)
    {
        using var socket = await ConnectAsync(server);
        var buffer = new byte[BufferBytes];
        var took = new List<double>(4_096);
        for (var at = number; Stopwatch.GetElapsedTime(started) < time; at++)
        {
            var begun = Stopwatch.GetTimestamp();
            await socket.SendAsync(question.Requests[at % question.Requests.Count]);
            var (start, length) = await ReadAsync(socket, buffer);
            took.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            if (!buffer.AsSpan().StartsWith("HTTP/1.1 200"u8)
                || buffer.AsSpan(start, Math.Min(64, length - start)).IndexOf("\"errors\""u8) >= 0)
                throw new InvalidOperationException($"expected an answer without errors, found {Encoding.UTF8.GetString(buffer, 0, Math.Min(length, 600))}");
        }

        return took;
    }

    private static async Task<Socket> ConnectAsync(Uri server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port);
        return socket;
    }

    // One response: until the length that its head tells, or until the last chunk.
    private static async Task<(int Start, int Length)> ReadAsync(Socket socket, byte[] buffer)
    {
        var length = 0;
        var start = 0;
        var total = -1;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0) throw new IOException("expected an answer, found the end of the connection");
            length += read;
            if (start == 0)
            {
                var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
                if (end < 0) continue;
                start = end + 4;
                total = ContentLength(buffer.AsSpan(0, start)) is { } content ? start + content : -1;
            }

            if (total >= 0 ? length >= total : buffer.AsSpan(0, length).EndsWith("0\r\n\r\n"u8)) return (start, length);
        }
    }

    private static int? ContentLength(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + 16)..], out int length, out _) ? length : null;
    }

    private static string Head(byte[] buffer, int length) => Encoding.ASCII.GetString(buffer, 0, Math.Min(length, 500));

    private static string Unchunked(string body)
    {
        var text = new StringBuilder();
        for (var at = 0; ;)
        {
            var end = body.IndexOf("\r\n", at, StringComparison.Ordinal);
            var size = Convert.ToInt32(body[at..end], 16);
            if (size == 0) return text.ToString();
            text.Append(body, end + 2, size);
            at = end + 2 + size + 2;
        }
    }
}
