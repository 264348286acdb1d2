// Services that lie, drag or flood: none of them holds the executor longer or fills it more than it allows.
using EventSourced.Workers.Executing;

namespace EventSourced.Economy.Tests;

public sealed class WebAgentTests : IAsyncLifetime
{
    private const long MostBytes = 1_000;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly WebService _service = new();
    private readonly WebAgent _agent = new(TimeSpan.FromSeconds(1), allowsPrivate: true, TimeProvider.System);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _agent.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_is_taken_byte_by_byte()
    {
        var done = Assert.IsType<WebAnswer.Done>(await AskAsync());
        Assert.Equal("work"u8.ToArray(), done.Output.ToArray());
        Assert.Equal(1, _service.Asked);
    }

    [Fact]
    public async Task An_answer_that_says_it_is_too_large_is_refused_before_it_is_read()
    {
        _service.Answer = (_, stream, cancellation) =>
            WebService.SayAsync(stream, "200 OK", [], cancellation, length: MostBytes + 1);
        var failed = Assert.IsType<WebAnswer.Failed>(await AskAsync());
        Assert.True(failed.IsForGood);
        Assert.Equal("expected an answer of at most 1000 bytes, found more", failed.Reason);
    }

    [Fact]
    public async Task A_flood_without_a_length_is_cut_at_the_limit()
    {
        _service.Answer = async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"u8.ToArray(), cancellation);
            var wave = new byte[1 << 16];
            for (var sent = 0; sent < 1_000; sent++) await stream.WriteAsync(wave, cancellation);
        };
        var failed = Assert.IsType<WebAnswer.Failed>(await AskAsync());
        Assert.True(failed.IsForGood);
        Assert.Equal(1, _service.Asked);
    }

    [Fact]
    public async Task An_answer_that_ends_too_soon_is_no_answer()
    {
        _service.Answer = (body, stream, cancellation) =>
            WebService.SayAsync(stream, "200 OK", body, cancellation, length: 100);
        var failed = Assert.IsType<WebAnswer.Failed>(await AskAsync());
        Assert.False(failed.IsForGood);
        Assert.Equal(WebAgent.MostTries, _service.Asked);
    }

    [Fact]
    public async Task A_service_that_drips_is_left_when_its_time_is_over()
    {
        _service.Answer = async (_, stream, cancellation) =>
        {
            await stream.WriteAsync(
                "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n"u8.ToArray(), cancellation);
            for (var sent = 0; sent < 900; sent++)
            {
                await stream.WriteAsync("."u8.ToArray(), cancellation);
                await Task.Delay(100, cancellation);
            }
        };
        var failed = Assert.IsType<WebAnswer.Failed>(await AskAsync());
        Assert.Equal("expected an answer within 00:00:01, found none", failed.Reason);
        Assert.Equal(WebAgent.MostTries, _service.Asked);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _service.Answer = (_, stream, cancellation) => WebService.SayAsync(
            stream, "302 Found", [], cancellation, more: $"location: {_service.Address}\r\n");
        var failed = Assert.IsType<WebAnswer.Failed>(await AskAsync());
        Assert.Equal("expected status 200, found 302", failed.Reason);
        Assert.Equal(1, _service.Asked);
    }

    [Fact]
    public async Task A_fault_that_passes_is_asked_again()
    {
        _service.Answer = (body, stream, cancellation) => _service.Asked == 1
            ? WebService.SayAsync(stream, "503 Service Unavailable", [], cancellation)
            : WebService.EchoAsync(body, stream, cancellation);
        Assert.IsType<WebAnswer.Done>(await AskAsync());
        Assert.Equal(2, _service.Asked);
    }

    [Fact]
    public async Task A_private_address_is_not_called_unless_it_is_allowed()
    {
        using var careful = new WebAgent(TimeSpan.FromSeconds(1), allowsPrivate: false, TimeProvider.System);
        var failed = Assert.IsType<WebAnswer.Failed>(await AskAsync(careful));
        Assert.True(failed.IsForGood);
        Assert.Contains("expected a public host", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(0, _service.Asked);
    }

    private Task<WebAnswer> AskAsync(WebAgent? agent = null) => (agent ?? _agent).AskAsync(
        new Uri(_service.Address), 1, 2, "work"u8.ToArray(), MostBytes, None);
}
