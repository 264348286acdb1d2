// Content by HTTP with everything real: a folder, Kestrel, PostgreSQL for the buckets. Enters: options. Leaves: a
// client.
using System.Net;
using System.Text.Json;
using EventSourced.Api.Content;
using EventSourced.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourced.Content.Tests;

internal sealed class Served : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("content-served-").FullName;
    private readonly WebApplication _web;
    private readonly ContentApi? _api;

    private Served(string database, Func<ContentOptions, ContentOptions> store, ContentApiOptions options)
    {
        Store = new ContentStore(store(new ContentOptions { Folder = _folder }));
        _api = ContentApi.Start(database, Store, options with { OnFault = Faults.Add });
        _web = Web();
        _api.MapRoutes(_web);
    }

    private Served(RequestDelegate answer)
    {
        Store = new ContentStore(new ContentOptions { Folder = _folder });
        _web = Web();
        _web.Run(answer);
    }

    public List<Exception> Faults { get; } = [];

    public ContentStore Store { get; }

    public Uri Address { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public static async Task<Served> StartAsync(
        string database, ContentApiOptions? options = null, Func<ContentOptions, ContentOptions>? store = null)
    {
        var served = new Served(
            database, store ?? (usual => usual),
            options ?? new ContentApiOptions { Trusted = [IPNetwork.Parse("127.0.0.0/8")] });
        return await served.ListenAsync();
    }

    /// <summary>A server that answers as a test says.</summary>
    public static Task<Served> StartAsync(RequestDelegate answer) => new Served(answer).ListenAsync();

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _web.DisposeAsync();
        if (_api is not null) await _api.DisposeAsync();
        Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static WebApplication Web()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging();
        return builder.Build();
    }

    private async Task<Served> ListenAsync()
    {
        await _web.StartAsync();
        Address = new Uri(_web.Urls.First());
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(1) };
        return this;
    }
}
