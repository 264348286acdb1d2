// One server in a process of its own: ours, or one of the peers, on the same Kestrel with the same pool. It tells its
// address on a line and ends when its standard input does.
using EventSourced.Api;
using EventSourced.Api.Options;
using EventSourced.GraphQL;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Sql;
using EventSourced.GraphQL.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventSourced.BenchGraphQL;

internal static class Server
{
    public const string Ours = "GraphQL";
    public const string Subscriptions = "API";

    // Each server has all of its connections at once or none waits: as many as clients that ask at the same time.
    private const string Pool =
        "Minimum Pool Size=10;Maximum Pool Size=20;Max Auto Prepare=200;Auto Prepare Min Usages=2;Timezone=UTC;No Reset On Close=true;Read Buffer Size=65536;Options=-c jit=off -c random_page_cost=1.1";

    public static async Task<int> RunAsync(string kind, string connection)
    {
        await using var database = NpgsqlDataSource.Create($"{connection};{Pool}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        if (kind == Ours)
            app.MapGraphQL(
                "/graphql", new RequestExecutor(SchemaBuilder.New().AddSqlModel(Model.Create(), database).Create()));
        else if (kind == Subscriptions)
            MapApi(app, connection);
        else
            ByHand.Map(app, database, kind);
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }

    // The whole read API, whose feed follows the index.
    private static void MapApi(WebApplication app, string connection)
    {
        app.UseWebSockets();
        ReadApi.Start(
            connection, new ApiOptions { OnFault = fault => Console.Error.WriteLine(fault.Message) }).MapRoutes(app);
    }
}
