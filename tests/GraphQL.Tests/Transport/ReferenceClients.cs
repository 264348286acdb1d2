// The reference implementations' own clients and audits, against this server.
using System.Text.Json;

namespace EventSourced.GraphQL.Tests.Transport;

public sealed class ReferenceClients
{
    [Fact]
    public async Task The_audit_suite_of_GraphQL_over_HTTP_passes_whole()
    {
        await using var server = await TestServer.StartAsync();
        var summary = Last(await Npm.RunAsync("audit.mjs", [server.Url]));
        Assert.Empty(summary.GetProperty("notOk").EnumerateArray().Select(audit => audit.GetString()));
        Assert.Equal(61, summary.GetProperty("ok").GetInt32());
    }

    [Fact]
    public async Task The_npm_client_graphql_ws_runs_every_kind_of_operation()
    {
        await using var server = await TestServer.StartAsync();
        var summary = Last(await Npm.RunAsync("websocket.mjs", [server.SocketUrl]));
        Assert.Equal(
            """{"seen":[{"data":{"hello":"Hello world!"}}],"complete":true}""", summary.GetProperty("query")
                .GetRawText());
        Assert.Equal("""{"seen":[{"data":{"set":3}}],"complete":true}""", summary.GetProperty("mutation").GetRawText());
        Assert.Equal(5, summary.GetProperty("count").GetProperty("seen").GetArrayLength());
        Assert.Equal("[10,20,30,40]", summary.GetProperty("parallel").GetRawText());
        Assert.Equal(
            """{"seen":[{"data":{"forever":1}}],"complete":true}""", summary.GetProperty("stopped").GetRawText());
        Assert.Equal(
            """{"seen":[],"error":["GRAPHQL_VALIDATION_FAILED"]}""", summary.GetProperty("invalid").GetRawText());
        Assert.Equal("""{"seen":[],"error":["BAD_USER_INPUT"]}""", summary.GetProperty("refused").GetRawText());
        Assert.Equal(
            """{"seen":[{"data":{"broken":1}}],"error":["INTERNAL_SERVER_ERROR"]}""", summary.GetProperty("broken")
                .GetRawText());
        Assert.Equal("forever", await server.Cancelled.Reader.ReadAsync());
    }

    [Theory]
    [InlineData("distinct")]
    [InlineData("single")]
    public async Task The_npm_client_graphql_sse_runs_in_both_modes(string mode)
    {
        await using var server = await TestServer.StartAsync();
        var summary = Last(await Npm.RunAsync("eventstream.mjs", [server.Url])).GetProperty(mode);
        Assert.Equal(
            """{"seen":[{"data":{"hello":"Hello sse!"}}],"complete":true}""", summary.GetProperty("query")
                .GetRawText());
        Assert.Equal(5, summary.GetProperty("count").GetProperty("seen").GetArrayLength());
        Assert.Equal("[10,20,30]", summary.GetProperty("parallel").GetRawText());
        Assert.Equal(
            """{"seen":[{"data":{"forever":1}}],"complete":true}""", summary.GetProperty("stopped").GetRawText());
        Assert.Contains("Cannot query field", summary.GetProperty("invalid").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("forever", await server.Cancelled.Reader.ReadAsync());
    }

    private static JsonElement Last(string output) => JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
}
