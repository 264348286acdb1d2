// A listener of webhooks, as an asker runs one. Enters: calls by HTTPS. Leaves: what it heard, in the order of arrival.
// Always holds: its certificate is its own, and only callers that trust this one reach it.
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventSourced.Commands.Tests;

/// <summary>A call that was heard.</summary>
internal sealed record Heard(string Path, string Id, string Time, string Signature, byte[] Body);

/// <summary>Listens.</summary>
internal sealed class HookListener : IAsyncDisposable
{
    private static readonly X509Certificate2 Certificate = Made();

    private readonly WebApplication _web;

    private HookListener(WebApplication web) => _web = web;

    /// <summary>Whether a certificate is the listener's.</summary>
    public static RemoteCertificateValidationCallback IsOurs { get; } =
        (_, shown, _, _) => shown?.GetCertHashString() == Certificate.GetCertHashString();

    /// <summary>All that it heard.</summary>
    public ConcurrentQueue<Heard> Calls { get; } = new();

    /// <summary>Where it listens, by a name that is no loopback number.</summary>
    public Uri Address { get; private set; } = null!;

    public static async Task<HookListener> StartAsync(int status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Any, 0, listen => listen.UseHttps(Certificate)));
        var web = builder.Build();
        var listener = new HookListener(web);
        web.Run(context => listener.HearAsync(context, status));
        await web.StartAsync();
        listener.Address = new UriBuilder("https", Dns.GetHostName(), new Uri(web.Urls.Single()).Port, "hook").Uri;
        return listener;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task HearAsync(HttpContext context, int status)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        Calls.Enqueue(new Heard(
            context.Request.Path, $"{headers["webhook-id"]}", $"{headers["webhook-timestamp"]}",
            $"{headers["webhook-signature"]}", body.ToArray()));
        context.Response.StatusCode = status;
    }

    private static X509Certificate2 Made()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hooks", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
