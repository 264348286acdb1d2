// Calls of the web that askers ordered. Enters: an address, a command. Leaves: one POST with a signature in the form of
// Standard Webhooks. Always holds: connections go only to IP addresses of public hosts, judged for each connection
// after the name was resolved, so a name that changes its IP address in between reaches nothing; no redirect is
// followed; time and answer have limits.
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourced.Commands;

namespace EventSourced.Workers.Webhooks;

/// <summary>Calls addresses.</summary>
public sealed class WebhookCaller : IDisposable
{
    /// <summary>The time limit of one call.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <summary>Makes a caller; the judgement and the handler's trust are the seams for tests.</summary>
    public WebhookCaller(
        TimeProvider time, Func<IPAddress, bool>? isAllowed = null,
        System.Net.Security.RemoteCertificateValidationCallback? trust = null)
    {
        _time = time;
        var judge = isAllowed ?? PublicAddresses.IsPublic;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, judge, cancellation),
            ConnectTimeout = Limit,
            MaxConnectionsPerServer = 2,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        };
        if (trust is not null) handler.SslOptions.RemoteCertificateValidationCallback = trust;
        _http = new HttpClient(handler) { Timeout = Limit, MaxResponseContentBufferSize = 16 * 1024 };
    }

    /// <summary>The header of a call's signature: HMAC-SHA256 over id, time and body.</summary>
    public static string Sign(ReadOnlySpan<byte> secret, string id, long timeSeconds, ReadOnlySpan<byte> body)
    {
        byte[] head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timeSeconds}."));
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, [.. head, .. body]))}";
    }

    /// <summary>Calls an address. Any answer without success is a fault.</summary>
    public async Task CallAsync(Webhook webhook, CommandStatus command, int version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        var body = JsonSerializer.SerializeToUtf8Bytes(command, Json);
        // The same change has the same id at each try.
        var id = string.Create(CultureInfo.InvariantCulture, $"{webhook.Id:N}-{command.Id:N}-{version}");
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Address) { Content = content };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", Sign(webhook.Secret.Span, id, now, body));
        using var response = await _http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException(
                $"expected a state from 200 to 299 of webhook {webhook.Id}, found {(int)response.StatusCode}");
    }

    /// <summary>Ends its connections.</summary>
    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint host, Func<IPAddress, bool> isAllowed, CancellationToken cancellation)
    {
        var found = await Dns.GetHostAddressesAsync(host.Host, cancellation).ConfigureAwait(false);
        if (found.Length == 0 || !Array.TrueForAll(found, address => isAllowed(address)))
            throw new HttpRequestException($"expected a public host, found that {host.Host} is none");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, host.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
