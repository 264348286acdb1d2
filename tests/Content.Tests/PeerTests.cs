// Fetching from peers over real HTTP: our own store as Kubo and as a peer, servers that lie, are slow, send too much.
using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using EventSourced.Api.Content;
using EventSourced.Content.Peers;
using EventSourced.Testing;
using Microsoft.AspNetCore.Http;

namespace EventSourced.Content.Tests;

public sealed class PeerTests : IAsyncLifetime
{
    private static readonly IPNetwork[] Local = [IPNetwork.Parse("127.0.0.0/8")];

    private readonly ConcurrentQueue<string> _refusals = new();
    private TestDatabase _database = null!;
    private Served _kubo = null!;
    private Served _here = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _kubo = await Served.StartAsync(
            _database.ConnectionString, new ContentApiOptions { Trusted = Local, AnswersIpfs = true });
        _here = await Served.StartAsync(
            _database.ConnectionString, store: usual => usual with { BlobBytes = 1_000_000 });
    }

    public async Task DisposeAsync()
    {
        await _here.DisposeAsync();
        await _kubo.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_missing_blob_comes_from_the_first_peer_that_has_it_and_a_lie_is_never_stored()
    {
        var cid = (await _kubo.Store.PutAsync("the truth"u8.ToArray(), default)).Cid;
        await using var liar = await Served.StartAsync(context => context.Response.WriteAsync("a lie"));
        await using var empty = await Served.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        using var peers = Peers($"gateway={liar.Address}", $"gateway={empty.Address}", $"kubo={_kubo.Address}");
        Assert.True(await peers.FetchAsync(cid, default));
        Assert.Equal("the truth"u8.ToArray(), await _here.Store.ReadAsync(cid, default));
        Assert.Null(_here.Store.Find(Cid.Of("a lie"u8)));
        Assert.Collection(
            _refusals, told => Assert.Contains(ContentCodes.OtherHash, told, StringComparison.Ordinal),
            told => Assert.Contains("found 404", told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_peer_that_is_slow_breaks_off_or_sends_too_much_is_left_within_its_bounds()
    {
        await using var slow = await Served.StartAsync(context => Task.Delay(
            TimeSpan.FromMinutes(1), context.RequestAborted));
        await using var flood = await Served.StartAsync(async context =>
        {
            var bytes = new byte[100_000];
            for (var i = 0; i < 100; i++) await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        });
        await using var cut = await Served.StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("half");
            context.Abort();
        });
        using var peers = Peers($"gateway={slow.Address}", $"gateway={flood.Address}", $"gateway={cut.Address}");
        Assert.False(await peers.FetchAsync(Cid.Of("nobody has it"u8), default));
        // Whoever is slow or breaks off is asked again; a flood is not.
        Assert.Equal(2, _refusals.Count(told => told.Contains("expected an answer within", StringComparison.Ordinal)));
        Assert.Equal(1, _refusals.Count(told => told.Contains(ContentCodes.TooLarge, StringComparison.Ordinal)));
        Assert.Equal(5, _refusals.Count);
        Assert.Empty(_here.Store.List());
    }

    [Fact]
    public async Task A_private_address_is_not_asked_unless_it_is_allowed()
    {
        var cid = (await _kubo.Store.PutAsync("the truth"u8.ToArray(), default)).Cid;
        using var peers = Peers(_ => false, $"kubo={_kubo.Address}");
        Assert.False(await peers.FetchAsync(cid, default));
        Assert.All(
            _refusals, told => Assert.Contains("expected a host that is allowed", told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_who_ask_for_one_blob_cause_one_fetch()
    {
        var asked = 0;
        var cid = Cid.Of("once"u8);
        await using var gateway = await Served.StartAsync(async context =>
        {
            Interlocked.Increment(ref asked);
            await Task.Delay(100, context.RequestAborted);
            await context.Response.WriteAsync("once");
        });
        using var peers = Peers($"gateway={gateway.Address}");
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => peers.FetchAsync(cid, default))), Assert.True);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_request_for_what_is_missing_is_answered_from_a_peer()
    {
        var cid = (await _kubo.Store.PutAsync("far away"u8.ToArray(), default)).Cid;
        ContentPeers? peers = null;
        await using var near = await Served.StartAsync(_database.ConnectionString, new ContentApiOptions
        {
            Trusted = Local,
            Fetch = (wanted, cancellation) => peers!.FetchAsync(wanted, cancellation),
        });
        using (peers = Peers(near.Store, _ => true, $"kubo={_kubo.Address}"))
            Assert.Equal(
                "far away", await near.Http.GetStringAsync(new Uri($"/v1/content/{cid}", UriKind.Relative)));
    }

    [Fact]
    public async Task The_client_of_Kubo_adds_reads_and_pins()
    {
        var cid = Cid.Of("hello, content"u8).ToString();
        var saw = JsonDocument.Parse((await Node.AskAsync("kubo.mjs", "", $"{_kubo.Address}".TrimEnd('/')))[0])
            .RootElement;
        Assert.Equal(
            ("greeting.txt", cid, 14), (saw.GetProperty("added").GetProperty("path").GetString(),
                saw.GetProperty("added").GetProperty("cid").GetString(),
                saw.GetProperty("added").GetProperty("size").GetInt32()));
        Assert.Equal("hello, content", saw.GetProperty("read").GetString());
        Assert.Equal("cont", saw.GetProperty("part").GetString());
        Assert.Equal([cid], saw.GetProperty("pinned").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(cid, saw.GetProperty("unpinned").GetString());
        Assert.Equal(0, saw.GetProperty("left").GetInt32());
        Assert.Equal(cid, saw.GetProperty("again").GetString());
        Assert.Equal("hello, content", saw.GetProperty("block").GetString());
        Assert.StartsWith("refused: ContentMissing", saw.GetProperty("missing").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("refused: OptionNotDone", saw.GetProperty("directory").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("refused: OptionNotDone", saw.GetProperty("old").GetString(), StringComparison.Ordinal);
        Assert.True(_kubo.Store.Find(Cid.Parse(cid))!.IsPinned);
    }

    [Fact]
    public async Task Below_api_v0_only_trusted_networks_and_no_pages_are_answered()
    {
        await using var open = await Served.StartAsync(
            _database.ConnectionString, new ContentApiOptions { AnswersIpfs = true });
        var (status, message) = await AskAsync(open, null);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("NotTrusted", message, StringComparison.Ordinal);
        (status, _) = await AskAsync(_kubo, "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        (status, message) = await AskAsync(_kubo, null);
        Assert.Equal((HttpStatusCode.OK, """{"Keys":{}}"""), (status, message.Trim()));
        using var closed = await _here.Http.PostAsync("/api/v0/pin/ls", null);
        Assert.Equal(HttpStatusCode.NotFound, closed.StatusCode);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5001")]
    [InlineData("ipns=http://127.0.0.1:5001")]
    [InlineData("kubo=ftp://127.0.0.1")]
    [InlineData("gateway=https://example.org/?arg=")]
    [InlineData("gateway=")]
    public void A_peer_is_written_with_its_kind_and_an_address(string text) =>
        Assert.False(ContentPeer.TryParse(text, out _));

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(Served served, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v0/pin/ls");
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var response = await served.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private ContentPeers Peers(params string[] peers) => Peers(_ => true, peers);

    private ContentPeers Peers(Func<IPAddress, bool> isAllowed, params string[] peers) =>
        Peers(_here.Store, isAllowed, peers);

    private ContentPeers Peers(ContentStore store, Func<IPAddress, bool> isAllowed, params string[] peers) => new(
        store,
        [.. peers.Select(text => ContentPeer.TryParse(text, out var peer) ? peer : throw new FormatException(text))],
        new PeerOptions
        {
            IsAllowed = isAllowed,
            Within = TimeSpan.FromSeconds(2),
            Pause = TimeSpan.FromMilliseconds(10),
            OnRefusal = (_, why) => _refusals.Enqueue(why),
        });
}
