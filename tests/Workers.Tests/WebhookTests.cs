// Calls of the web: signed as the asker can check, to public hosts alone, and durable from the transaction of the
// change.
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EventSourced.Chain.Signing;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Host.Tests;
using EventSourced.Testing;
using EventSourced.Workers.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Tests;

[Collection(ShoreTests.Name)]
public sealed class WebhookTests(Shore shore)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly X509Certificate2 Certificate = Made();
    private static readonly Hash32 Hash = new(RandomNumberGenerator.GetBytes(32));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    public void A_host_that_is_not_public_is_refused(string address) =>
        Assert.False(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    public void A_public_host_is_not_refused(string address) =>
        Assert.True(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://example.org/", false)]
    [InlineData("https://user@example.org/", false)]
    [InlineData("https://localhost/", false)]
    [InlineData("https://example.org/hook", true)]
    public void An_address_is_https_without_credentials(string address, bool isFit) =>
        Assert.Equal(isFit, Commands.Webhooks.IsFit(new Uri(address)));

    [Fact]
    public async Task A_name_of_our_own_machine_is_not_called_whatever_it_says()
    {
        using var caller = new WebhookCaller(TimeProvider.System);
        var webhook = new Webhook(Guid.NewGuid(), Address.Zero, new Uri("https://localhost:1/hook"), new byte[32]);
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => caller.CallAsync(webhook, Status(), 3, None));
        Assert.Contains("expected a public host", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_is_signed_over_its_id_its_time_and_its_body()
    {
        (string Id, long Time, string Signature, byte[] Body)? heard = null;
        await using var server = await ListenAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            heard = ($"{context.Request.Headers["webhook-id"]}",
                long.Parse($"{context.Request.Headers["webhook-timestamp"]}"),
                $"{context.Request.Headers["webhook-signature"]}", body.ToArray());
        });
        using var caller = new WebhookCaller(TimeProvider.System, _ => true,
            (_, shown, _, _) => shown?.GetCertHashString() == Certificate.GetCertHashString());
        var webhook = new Webhook(
            Guid.NewGuid(), Address.Zero, new Uri(server.Urls.Single()), RandomNumberGenerator.GetBytes(32));
        var status = Status();
        await caller.CallAsync(webhook, status, 3, None);
        var (id, time, signature, content) = heard!.Value;
        Assert.Equal(WebhookCaller.Sign(webhook.Secret.Span, id, time, content), signature);
        using var json = JsonDocument.Parse(content);
        Assert.Equal((status.Id, "included"),
            (json.RootElement.GetProperty("id").GetGuid(), json.RootElement.GetProperty("phase").GetString()));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_is_no_success()
    {
        var calls = 0;
        await using var server = await ListenAsync(context =>
        {
            calls++;
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        using var caller = new WebhookCaller(TimeProvider.System, _ => true,
            (_, shown, _, _) => shown?.GetCertHashString() == Certificate.GetCertHashString());
        var webhook = new Webhook(Guid.NewGuid(), Address.Zero, new Uri(server.Urls.Single()), new byte[32]);
        await Assert.ThrowsAsync<HttpRequestException>(() => caller.CallAsync(webhook, Status(), 3, None));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Changes_of_a_command_are_durable_messages_of_their_own_transaction_and_are_tried_again()
    {
        await using var office = await Office.OpenAsync(shore);
        using var account = await shore.AccountAsync();
        using var person = SigningKey.Generate();
        // A name that nobody has: every call fails.
        await new Commands.Webhooks(
            office.Source).AddAsync(person.Address, new Uri("https://nobody.invalid/hook"), None);
        var folder = Directory.CreateTempSubdirectory("es-hook-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "password"), "not a secret");
            await File.WriteAllTextAsync(
                Path.Combine(folder, "account.json"), KeyFile.Encrypt(account, "not a secret", n: 2));
            await using var host = HostProcess.Start(
                "serve", "--roles", "workers", "--port", "0", "--database", office.Database, "--rpc",
                shore.Chain.Endpoint.ToString(), "--deployment", shore.Chain.Deployment, "--finality", "4",
                "--relayer-keys", folder, "--relayer-password", Path.Combine(folder, "password"));
            var id = await office.AcceptAsync(office.Register(person, 0, "key"));
            await office.ReachesAsync(id, Phase.Included);
            await Eventually.TrueAsync(
                async () => await office.CountAsync(
                    "select count(*) from commands.wolverine_incoming_envelopes where message_type = 'webhook-delivery' and attempts > 1") > 0,
                () => host.Output);
            using var http = new HttpClient { BaseAddress = await host.Address };
            await Eventually.TrueAsync(async () =>
                (await http.GetStringAsync("metrics")).Contains(
                    $"{{account=\"{account.Address}\"}}", StringComparison.Ordinal)
                && (await http.GetStringAsync("status")).Contains("\"relayer\"", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CommandStatus Status() => new(
        Guid.NewGuid(), 1, Phase.Included, "agents.register", Address.Zero, "correlation", 21_000,
        "an agent is registered", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 5)
    {
        Transaction = Hash,
    };

    private static async Task<WebApplication> ListenAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(Certificate)));
        var web = builder.Build();
        web.Run(answer);
        await web.StartAsync();
        return web;
    }

    private static X509Certificate2 Made()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
