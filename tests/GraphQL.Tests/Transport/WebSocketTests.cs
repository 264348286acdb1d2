// graphql-transport-ws beyond the reference client: every way to break the protocol has its close code, and every
// queue its end.
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Transport;

namespace EventSourced.GraphQL.Tests.Transport;

public sealed class WebSocketTests
{
    private const string Init = """{"type":"connection_init"}""";
    private const string Ack = """{"type":"connection_ack"}""";

    [Theory]
    [InlineData(4400, "not json")]
    [InlineData(4400, """{"type":"nonsense"}""")]
    [InlineData(4400, """{"type":"subscribe","id":"1"}""")]
    [InlineData(4401, """{"type":"subscribe","id":"1","payload":{"query":"{ hello }"}}""")]
    [InlineData(4429, Init, Init)]
    [InlineData(4409, Init, """{"type":"subscribe","id":"1","payload":{"query":"subscription { forever }"}}""",
        """{"type":"subscribe","id":"1","payload":{"query":"{ hello }"}}""")]
    public async Task A_broken_protocol_closes_with_its_code(int code, params string[] messages)
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await ConnectAsync(server);
        foreach (var message in messages)
            await SendAsync(socket, message);
        Assert.Equal(code, await CloseCodeAsync(socket));
    }

    // These were answered with the message `error`, as if the operation were at fault and not the message.
    [Theory]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"query":null}""")]
    [InlineData("""{"query":1}""")]
    [InlineData("""{"query":["{ hello }"]}""")]
    [InlineData("""{"query":{"a":"{ hello }"},"documentId":"1"}""")]
    [InlineData("""{"query":"{ hello }","variables":[]}""")]
    [InlineData("""{"query":"{ hello }","variables":"{}"}""")]
    [InlineData("""{"query":"{ hello }","variables":7}""")]
    [InlineData("""{"query":"{ hello }","extensions":[]}""")]
    [InlineData("""{"query":"{ hello }","operationName":1}""")]
    [InlineData("""{"query":"{ hello }","documentId":1}""")]
    public async Task A_query_that_is_no_string_or_variables_that_are_no_map_close_the_socket_with_4400(string payload)
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await ConnectAsync(server);
        await SendAsync(socket, Init);
        Assert.Equal(Ack, await ReceiveAsync(socket));
        await SendAsync(socket, $$"""{"type":"subscribe","id":"1","payload":{{payload}}}""");
        Assert.Equal(4400, await CloseCodeAsync(socket));
    }

    [Fact]
    public async Task What_a_subscribe_may_leave_out_may_be_null_too()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await ConnectAsync(server);
        await SendAsync(socket, Init);
        Assert.Equal(Ack, await ReceiveAsync(socket));
        await SendAsync(
            socket,
            """{"type":"subscribe","id":"1","payload":{"query":"{ hello }","variables":null,"operationName":null,"extensions":null}}""");
        Assert.Equal(
            """{"id":"1","type":"next","payload":{"data":{"hello":"Hello world!"}}}""", await ReceiveAsync(socket));
    }

    [Fact]
    public async Task A_socket_of_another_protocol_is_closed()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new(server.SocketUrl), default);
        Assert.Equal(4406, await CloseCodeAsync(socket));
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_closed()
    {
        await using var server =
            await TestServer.StartAsync(transport: new() { ConnectionInitTimeout = TimeSpan.FromMilliseconds(30) });
        using var socket = await ConnectAsync(server);
        Assert.Equal(4408, await CloseCodeAsync(socket));
    }

    [Fact]
    public async Task The_host_decides_who_may_connect()
    {
        await using var server = await TestServer.StartAsync(transport: new()
        {
            OnConnect = (_, payload) => new(payload?.GetProperty("token").GetString() == "open"),
        });
        using var refused = await ConnectAsync(server);
        await SendAsync(refused, """{"type":"connection_init","payload":{"token":"shut"}}""");
        Assert.Equal(4403, await CloseCodeAsync(refused));
        using var welcome = await ConnectAsync(server);
        await SendAsync(welcome, """{"type":"connection_init","payload":{"token":"open"}}""");
        Assert.Equal(Ack, await ReceiveAsync(welcome));
    }

    [Fact]
    public async Task Pings_are_answered_with_their_payload()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await ConnectAsync(server);
        await SendAsync(socket, """{"type":"ping","payload":{"a":1}}""");
        Assert.Equal("""{"type":"pong","payload":{"a":1}}""", await ReceiveAsync(socket));
        await SendAsync(socket, """{"type":"pong"}""");
        await SendAsync(socket, """{"type":"ping"}""");
        Assert.Equal("""{"type":"pong"}""", await ReceiveAsync(socket));
    }

    [Fact]
    public async Task An_id_is_free_again_when_its_operation_has_ended()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await ConnectAsync(server);
        await SendAsync(socket, Init);
        Assert.Equal(Ack, await ReceiveAsync(socket));
        await SendAsync(socket, """{"type":"subscribe","id":"1","payload":{"query":"subscription { forever }"}}""");
        Assert.Equal("""{"id":"1","type":"next","payload":{"data":{"forever":1}}}""", await ReceiveAsync(socket));
        await SendAsync(socket, """{"type":"complete","id":"1"}""");
        Assert.Equal("forever", await server.Cancelled.Reader.ReadAsync());
        await SendAsync(socket, """{"type":"subscribe","id":"1","payload":{"query":"{ hello }"}}""");
        Assert.Equal(
            """{"id":"1","type":"next","payload":{"data":{"hello":"Hello world!"}}}""", await ReceiveAsync(socket));
        Assert.Equal("""{"id":"1","type":"complete"}""", await ReceiveAsync(socket));
    }

    [Fact]
    public async Task One_connection_runs_no_more_operations_than_its_limit()
    {
        await using var server =
            await TestServer.StartAsync(new ExecutionOptions { Limits = new() { MaxSubscriptionsPerConnection = 1 } });
        using var socket = await ConnectAsync(server);
        await SendAsync(socket, Init);
        await SendAsync(socket, """{"type":"subscribe","id":"1","payload":{"query":"subscription { forever }"}}""");
        await SendAsync(socket, """{"type":"subscribe","id":"2","payload":{"query":"subscription { forever }"}}""");
        var messages = new[] { await ReceiveAsync(socket), await ReceiveAsync(socket), await ReceiveAsync(socket) };
        Assert.Contains(
            messages, message => message.Contains($"\"id\":\"2\",\"type\":\"error\"", StringComparison.Ordinal)
            && message.Contains(LimitNames.Subscriptions, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_many_share_comes_to_each_under_the_id_that_it_chose()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await ConnectAsync(server);
        await SendAsync(socket, Init);
        Assert.Equal(Ack, await ReceiveAsync(socket));
        foreach (var id in new[] { "1", "1", "é\"2" })
        {
            var written = JsonSerializer.Serialize(id);
            await SendAsync(socket,
                $$$"""{"type":"subscribe","id":{{{written}}},"payload":{"query":"subscription { told { number } }"}}""");
            for (var number = 1; number <= 3; number++)
                Assert.Equal($"{{\"id\":{written},\"type\":\"next\",\"payload\":{{\"data\":{{\"told\":{{\"number\":{number}}}}}}}}}", await ReceiveAsync(socket));
            Assert.Equal($$"""{"id":{{written}},"type":"complete"}""", await ReceiveAsync(socket));
        }
    }

    [Fact]
    public async Task Operations_side_by_side_lose_nothing_and_keep_their_order()
    {
        const int Operations = 20, Results = 300;
        await using var server = await TestServer.StartAsync();
        using var socket = await ConnectAsync(server);
        await SendAsync(socket, Init);
        Assert.Equal(Ack, await ReceiveAsync(socket));
        for (var id = 0; id < Operations; id++)
            await SendAsync(socket,
                $$$$"""{"type":"subscribe","id":"{{{{id}}}}","payload":{"query":"subscription { count(to: {{{{Results}}}}) }"}}""");
        var told = new int[Operations];
        for (var completed = 0; completed < Operations;)
        {
            using var message = JsonDocument.Parse(await ReceiveAsync(socket));
            var id = int.Parse(message.RootElement.GetProperty("id").GetString()!, CultureInfo.InvariantCulture);
            if (message.RootElement.GetProperty("type").GetString() == "complete")
            {
                Assert.Equal(Results, told[id]);
                completed++;
                continue;
            }

            Assert.Equal(++told[id],
                message.RootElement.GetProperty("payload").GetProperty("data").GetProperty("count").GetInt32());
        }
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_and_its_source_ends()
    {
        await using var server =
            await TestServer.StartAsync(transport: new()
            {
                CloseTimeout = TimeSpan.FromMilliseconds(100),
                SlowClientTimeout = TimeSpan.FromMilliseconds(100),
            });
        using var socket = await ConnectAsync(server);
        await SendAsync(socket, Init);
        await SendAsync(
            socket, """{"type":"subscribe","id":"1","payload":{"query":"subscription { flood(size: 100000) }"}}""");
        Assert.Equal("flood", await server.Cancelled.Reader.ReadAsync());
    }

    [Fact]
    public async Task A_message_that_is_too_large_closes_the_connection()
    {
        await using var server =
            await TestServer.StartAsync(new ExecutionOptions { Limits = new() { MaxRequestBytes = 10_000 } });
        using var socket = await ConnectAsync(server);
        await SendAsync(socket, new string('x', 20_000));
        Assert.Equal(1009, await CloseCodeAsync(socket));
    }

    private static async Task<ClientWebSocket> ConnectAsync(TestServer server)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        await socket.ConnectAsync(new(server.SocketUrl), default);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, default);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[10_000];
        var received = await socket.ReceiveAsync(buffer, default);
        Assert.True(received.EndOfMessage);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static async Task<int> CloseCodeAsync(ClientWebSocket socket)
    {
        var buffer = new byte[10_000];
        while ((await socket.ReceiveAsync(buffer, default)).MessageType != WebSocketMessageType.Close)
            continue;
        return (int)socket.CloseStatus!;
    }
}
