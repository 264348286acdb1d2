// es witness: follows other operators' logs and cosigns each head that extends the head it cosigned before (C2SP
// tlog-witness). Enters: POST /add-checkpoint. Leaves: cosignatures, or the known size; for monitors the last head of
// each log. Always holds: a request is read, decided and kept before the next one, so two at once cannot roll a log
// back.
using System.CommandLine;
using System.Globalization;
using System.Net;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Transparency;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourced.Host.Attesting;

/// <summary>The command `witness`.</summary>
public static class WitnessCommand
{
    private const int UsualPort = 8090;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var key = new Option<string>(
            "--key")
        { Description = "The file of the witness's keys; made when it is missing.", Required = true };
        var name =
            new Option<string>("--name")
            {
                Description = "The witness's name, as witness.example.org; of a new key.",
                DefaultValueFactory = _ => "witness",
            };
        var policy =
            new Option<string>("--policy")
            {
                Description =
                "A policy (C2SP tlog-policy) whose log lines name the keys of the logs to follow.",
                Required = true
            };
        var store = new Option<string>(
            "--store")
        { Description = "The folder of what was cosigned; it must never be lost.", Required = true };
        var bind = new Option<string>(
            "--bind")
        { Description = "The IP address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
        var port = new Option<int>("--port")
        {
            Description = "The port to listen on; 0 takes a free one.",
            DefaultValueFactory = _ => UsualPort,
        };
        var command = new Command("witness",
            "Follows logs of others and cosigns heads that extend what it cosigned before.")
            {
                key,
                name,
                policy,
                store,
                bind,
                port,
            };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                await using var host = await WitnessHost.StartAsync(
                    LogKeyFile.OpenWitness(parsed.GetValue(key)!, parsed.GetValue(name)!),
                    TrustPolicy.Parse(
                        await File.ReadAllBytesAsync(parsed.GetValue(policy)!, cancellation).ConfigureAwait(false)),
                    parsed.GetValue(store)!, new IPEndPoint(
                        IPAddress.Parse(parsed.GetValue(bind)!), parsed.GetValue(port))).ConfigureAwait(false);
                foreach (var line in host.PolicyLines) Console.WriteLine(line);
                await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return 0;
            }
            catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
            {
                return await ServeCommand.RefuseAsync("witness", [fault.Message]).ConfigureAwait(false);
            }
        });
        return command;
    }
}

/// <summary>A running witness.</summary>
public sealed class WitnessHost : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly WitnessStore _store;
    private readonly WitnessRules _rules;
    private readonly IReadOnlyList<SigningKey> _keys;
    private readonly SemaphoreSlim _one = new(1);

    private WitnessHost(IReadOnlyList<SigningKey> keys, TrustPolicy policy, WitnessStore store, IPEndPoint listen)
    {
        var logs = policy.Logs.GroupBy(log => log.Name).ToDictionary(
            group => group.Key, group => (IReadOnlyList<VerifierKey>)[.. group]);
        (_keys, _store, _rules) = (keys, store, new WitnessRules(logs, keys));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = TransparencyLimits.RequestBytes;
            kestrel.Listen(listen);
        });
        builder.Services.AddRoutingCore();
        _web = builder.Build();
        _web.MapPost($"/{AddCheckpointRequest.Path}", AnswerAsync);
        _web.MapGet("/{hash}/checkpoint", (string hash) => _store.Served(hash) is { } checkpoint
            ? Results.Bytes(checkpoint, "text/plain; charset=utf-8")
            : Results.NotFound());
    }

    /// <summary>The address on which the witness listens.</summary>
    public Uri Address => new(_web.Urls.First());

    /// <summary>The lines that name this witness in a log's policy.</summary>
    public IEnumerable<string> PolicyLines => _keys.Select((key, i) =>
        string.Create(CultureInfo.InvariantCulture,
            $"witness {key.Verifier.Name}{(i == 0 ? "" : $"-{i + 1}")} {key.Verifier} {Address}"));

    /// <summary>Starts to listen.</summary>
    public static async Task<WitnessHost> StartAsync(
        IReadOnlyList<SigningKey> keys, TrustPolicy policy, string folder, IPEndPoint listen)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var host = new WitnessHost(keys, policy, WitnessStore.Open(folder), listen);
        try
        {
            await host._web.StartAsync().ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync().ConfigureAwait(false);
        _store.Dispose();
        _one.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var answer = await DecideAsync(context).ConfigureAwait(false);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        await context.Response.WriteAsync(answer.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task<WitnessAnswer> DecideAsync(HttpContext context)
    {
        AddCheckpointRequest request;
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
            request = AddCheckpointRequest.Parse(body.ToArray());
        }
        catch (TransparencyFormatException fault)
        {
            return WitnessAnswer.Malformed(fault);
        }

        var origin = request.Checkpoint.Checkpoint.Origin;
        await _one.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            var known = _rules.Follows(origin) ? _store.Known(origin) : WitnessedTree.None;
            var answer = _rules.Decide(request, known, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
            if (answer.Served is { } served) _store.Keep(origin, served);
            return answer;
        }
        finally
        {
            _one.Release();
        }
    }
}
