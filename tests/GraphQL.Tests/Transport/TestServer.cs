// A GraphQL server on a port of its own for tests of transports: tasks that can be read, changed and watched.
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;
using EventSourced.GraphQL.Transport;
using EventSourced.GraphQL.TypeSystem;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourced.GraphQL.Tests.Transport;

internal sealed class TestServer : IAsyncDisposable
{
    public const string Sdl = """
        type Query {
          hello(name: String = "world"): String!
          raw: Item
          slow: String
          fails: String
        }
        type Item { id: ID! text: String }
        type Told { number: Int! }
        type Mutation { set(value: Int!): Int! }
        type Subscription {
          count(to: Int!): Int!
          told: Told!
          forever: Int!
          flood(size: Int!): String!
          broken: Int!
          refused: Int!
        }
        """;

    // The same for everybody who asks.
    private static readonly Told[] News = [new(1), new(2), new(3)];

    private readonly WebApplication _application;

    private TestServer(WebApplication application) => _application = application;

    // Operations that began, and those that were cancelled because their client left.
    public Channel<string> Begun { get; } = Channel.CreateUnbounded<string>();

    public Channel<string> Cancelled { get; } = Channel.CreateUnbounded<string>();

    public string Url { get; private set; } = "";

    public string SocketUrl => Url.Replace("http://", "ws://", StringComparison.Ordinal);

    public HttpClient Client { get; } = new();

    public static async Task<TestServer> StartAsync(
        ExecutionOptions? options = null, TransportOptions? transport = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 << 20);
        var application = builder.Build();
        var server = new TestServer(application);
        application.UseWebSockets();
        application.MapGraphQL("/graphql", new RequestExecutor(server.MakeSchema(), options), transport);
        await application.StartAsync();
        var addresses =
            application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        server.Url = addresses.Addresses.First() + "/graphql";
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
    }

    private Schema MakeSchema() => SchemaBuilder.New()
        .AddDocumentFromString(Sdl)
        .AddResolver("Query", "hello", context => $"Hello {context.ArgumentValue<string>("name")}!")
        .AddResolver("Query", "raw", _ => new RawJson("{\"id\":\"7\",\"text\":\"é\"}"u8.ToArray()))
        .AddResolver("Query", "slow", SlowAsync)
        .AddResolver("Query", "fails", object? (_) => throw new InvalidOperationException("secret"))
        .AddResolver("Mutation", "set", context => context.ArgumentValue<int>("value"))
        .AddSubscriber("count", context => new(CountAsync(context.ArgumentValue<int>("to"))))
        .AddSubscriber("told", _ => new(ToldAsync()))
        .AddSubscriber("forever", _ => new(ForeverAsync()))
        .AddSubscriber("flood", context => new(FloodAsync(context.ArgumentValue<int>("size"))))
        .AddSubscriber("broken", _ => new(BrokenAsync()))
        .AddSubscriber(
            "refused", _ => throw new GraphQLException(new GraphQLError("not today", ErrorCodes.BadUserInput)))
        .Create();

    private async ValueTask<object?> SlowAsync(ResolverContext context)
    {
        Begun.Writer.TryWrite("slow");
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return null;
        }
        catch (OperationCanceledException)
        {
            Cancelled.Writer.TryWrite("slow");
            throw;
        }
    }

    private static async IAsyncEnumerable<object?> CountAsync(int to)
    {
        for (var number = 1; number <= to; number++)
        {
            await Task.Yield();
            yield return number;
        }
    }

    private static async IAsyncEnumerable<object?> ToldAsync()
    {
        foreach (var told in News)
        {
            await Task.Yield();
            yield return told;
        }
    }

    private async IAsyncEnumerable<object?> ForeverAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        try
        {
            yield return 1;
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        finally
        {
            Cancelled.Writer.TryWrite("forever");
        }
    }

    private async IAsyncEnumerable<object?> FloodAsync(
        int size, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var text = new string('x', size);
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                await Task.Yield();
                yield return text;
            }
        }
        finally
        {
            Cancelled.Writer.TryWrite("flood");
        }
    }

    private static async IAsyncEnumerable<object?> BrokenAsync()
    {
        await Task.Yield();
        yield return 1;
        throw new InvalidOperationException("secret");
    }

    private sealed record Told(int Number) : SharedEvent;
}
