// GraphQL over HTTP beyond the audit suite: hostile bodies refused by name, statuses, media types, GET.
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;

namespace EventSourced.GraphQL.Tests.Transport;

public sealed class HttpTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_query_is_answered_in_the_media_type_that_the_client_accepts()
    {
        var (status, type, body) =
            await PostAsync("""{"query":"{ hello raw { id text } }"}""", "application/graphql-response+json");
        Assert.Equal((HttpStatusCode.OK, "application/graphql-response+json"), (status, type));
        Assert.Equal("""{"data":{"hello":"Hello world!","raw":{"id":"7","text":"é"}}}""", body);
        Assert.Equal(
            "application/json",
            (await PostAsync("""{"query":"{ hello }"}""", "text/html;q=0.1, application/json;q=0.9")).Type);
        Assert.Equal(HttpStatusCode.NotAcceptable, (await PostAsync("""{"query":"{ hello }"}""", "text/html")).Status);
    }

    [Theory]
    [InlineData("", ErrorCodes.BadRequest, "Expected a JSON object, found")]
    [InlineData("[]", ErrorCodes.BadRequest, "Expected a JSON object, found an array.")]
    [InlineData("{", ErrorCodes.BadRequest, "malformed JSON")]
    [InlineData("{} {}", ErrorCodes.BadRequest, "malformed JSON")]
    [InlineData("""{"query":7}""", ErrorCodes.BadRequest, "Expected a string for query, found a number.")]
    [InlineData("""{"query":"{ hello }","variables":[]}""", ErrorCodes.BadRequest,
        "Expected an object for variables, found an array.")]
    [InlineData("""{"query":"{ hello }","operationName":{}}""", ErrorCodes.BadRequest,
        "Expected a string for operationName, found an object.")]
    [InlineData("""{"query":"{ hello }","variables":{"a":"\ud800"}}""", ErrorCodes.BadRequest, "lone surrogate")]
    [InlineData("""{"query":"{ hello # \ud800 }"}""", ErrorCodes.BadRequest, "lone surrogate")]
    [InlineData("""{"variables":{}}""", ErrorCodes.BadRequest, "Must provide a query string.")]
    public async Task A_malformed_request_is_refused_and_told_why(string body, string code, string message)
    {
        var (status, _, json) = await PostAsync(body, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(code, CodeOf(json));
        Assert.Contains(message, json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_UTF8_is_refused_by_name()
    {
        using var content = new ByteArrayContent([.. "{\"query\":\"{ hello # "u8, 0xC3, 0x28, .. " }\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using var response = await _server.Client.PostAsync(_server.Url, content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(
            "Expected a body in UTF-8", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deep_variables_are_refused_before_they_are_built()
    {
        var deep = new string('[', 100_000) + new string(']', 100_000);
        var (status, _, json) =
            await PostAsync($$$"""{"query":"{ hello }","variables":{"a":{{{deep}}}}}""", "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains($"\"limit\":\"{LimitNames.VariableDepth}\"", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_10_MB_is_refused_by_name(bool saysItsLength)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _server.Url)
        {
            Content =
                new StringContent(
                    $"{{\"query\":\"{{ hello }} #{new string('x', 10_000_000)}\"}}", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = !saysItsLength;
        using var response = await _server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains(
            $"\"limit\":\"{LimitNames.RequestBytes}\"", await response.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_refused_by_name()
    {
        await using var server =
            await TestServer.StartAsync(
                new ExecutionOptions { Limits = new() { Timeout = TimeSpan.FromMilliseconds(50) } });
        using var client = new TcpClient();
        var address = new Uri(server.Url);
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"query\""u8.ToArray());
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 408", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_ended_by_name()
    {
        await using var server =
            await TestServer.StartAsync(
                new ExecutionOptions { Limits = new() { Timeout = TimeSpan.FromMilliseconds(50) } });
        using var content = new StringContent("""{"query":"{ slow }"}""", Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync(server.Url, content);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(
            $"\"limit\":\"{LimitNames.Time}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_what_it_asked_for()
    {
        using var leaving = new CancellationTokenSource();
        using var content = new StringContent("""{"query":"{ slow }"}""", Encoding.UTF8, "application/json");
        var asking = _server.Client.PostAsync(_server.Url, content, leaving.Token);
        Assert.Equal("slow", await _server.Begun.Reader.ReadAsync());
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal("slow", await _server.Cancelled.Reader.ReadAsync());
    }

    [Fact]
    public async Task Queries_may_come_by_GET_and_nothing_else()
    {
        Assert.Equal("""{"data":{"hello":"Hello you!"}}""", await _server.Client.GetStringAsync(
            $"{_server.Url}?query={Uri.EscapeDataString("query A($n: String) { hello(name: $n) }")}&operationName=A&variables={Uri.EscapeDataString("""{"n":"you"}""")}"));
        using var mutation =
            await _server.Client.GetAsync($"{_server.Url}?query={Uri.EscapeDataString("mutation { set(value: 1) }")}");
        Assert.Equal(
            (HttpStatusCode.MethodNotAllowed, "POST"),
            (mutation.StatusCode, string.Join(',', mutation.Content.Headers.Allow)));
        using var head = await _server.Client.SendAsync(new(HttpMethod.Patch, _server.Url));
        Assert.Equal(
            (HttpStatusCode.MethodNotAllowed, "GET,POST"),
            (head.StatusCode, string.Join(',', head.Content.Headers.Allow)));
        using var broken = await _server.Client.GetAsync($"{_server.Url}?query=%7Bhello%7D&variables=%7B");
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
    }

    [Theory]
    [InlineData("{ nope }", "application/graphql-response+json", HttpStatusCode.BadRequest)]
    [InlineData("{ nope }", "application/json", HttpStatusCode.OK)]
    [InlineData("{ fails }", "application/graphql-response+json", HttpStatusCode.OK)]
    [InlineData("subscription { count(to: 1) }", "application/json", HttpStatusCode.NotAcceptable)]
    public async Task The_status_says_what_the_media_type_promises(
        string document, string accept, HttpStatusCode expected) =>
        Assert.Equal(expected, (await PostAsync($$"""{"query":"{{document}}"}""", accept)).Status);

    [Fact]
    public async Task An_event_stream_is_refused_for_the_reasons_that_a_response_is()
    {
        var (status, type, _) = await PostAsync("""{"query":"{ hello }","variables":7}""", "text/event-stream");
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (status, type));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_server.Url}?token=unknown");
        using var response = await _server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Only_JSON_bodies_are_read()
    {
        using var content = new StringContent("query={hello}", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await _server.Client.PostAsync(_server.Url, content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    // A body that is read and not given back makes the server close the connection behind the answer: clients that had
    // sent the next request meanwhile saw it fail (npm graphql-sse: "fetch failed", one run of twenty).
    [Theory]
    [InlineData("", "400 Bad Request")]
    [InlineData("{\"query\":\"{ hello }\"}", "200 OK")]
    [InlineData("{\"query\":\"{ hello }\",\"extensions\":{\"operationId\":\"ID\"}}", "202 Accepted")]
    [InlineData("{\"query\":", "400 Bad Request")]
    public async Task A_connection_serves_the_next_request_whatever_became_of_the_last(string body, string status)
    {
        using var reservation = await _server.Client.PutAsync(_server.Url, null);
        var token = status == "202 Accepted"
            ? $"X-GraphQL-Event-Stream-Token: {await reservation.Content.ReadAsStringAsync()}\r\n"
            : "";
        var address = new Uri(_server.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        var chunks = body is "" ? "0\r\n\r\n" : $"{body.Length:x}\r\n{body}\r\n0\r\n\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Request("01", "keep-alive") + Request("02", "close")));
        using var reader = new StreamReader(stream);
        var answers = await reader.ReadToEndAsync();
        Assert.Equal(2, answers.Split($"HTTP/1.1 {status}\r\n").Length - 1);

        string Request(string id, string connection) =>
            $"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: {connection}\r\n"
            + $"Transfer-Encoding: chunked\r\n{token}\r\n{chunks.Replace("ID", id, StringComparison.Ordinal)}";
    }

    private static string? CodeOf(string json) =>
        JsonDocument.Parse(json).RootElement.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code")
            .GetString();

    private async Task<(HttpStatusCode Status, string? Type, string Body)> PostAsync(string body, string accept)
    {
        using var request =
            new HttpRequestMessage(
                HttpMethod.Post, _server.Url)
            { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        Assert.True(request.Headers.TryAddWithoutValidation("Accept", accept));
        using var response = await _server.Client.SendAsync(request);
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync());
    }
}
