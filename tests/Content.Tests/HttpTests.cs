// /v1/content as clients meet it: names, digests, ranges, caches, refusals by name.
using System.Net;
using System.Net.Http.Headers;
using EventSourced.Api.Content;
using EventSourced.Testing;

namespace EventSourced.Content.Tests;

public sealed class HttpTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private Served _served = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _served = await Served.StartAsync(
            _database.ConnectionString,
            store: usual => usual with { BlobBytes = 1_000_000, QuotaBytes = 1_500_000 });
    }

    public async Task DisposeAsync()
    {
        await _served.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_blob_is_put_under_its_name_and_got_with_headers_that_keep_it_and_never_run_it()
    {
        using var created = await PutAsync("<script>alert(1)</script>"u8.ToArray());
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var cid = Cid.Of("<script>alert(1)</script>"u8);
        Assert.Equal($"/v1/content/{cid}", created.Headers.Location!.ToString());
        Assert.Equal($"\"{cid}\"", created.Headers.ETag!.ToString());
        var body = await Served.JsonAsync(created);
        Assert.Equal(
            (cid.ToString(), 25), (body.GetProperty("cid").GetString(), body.GetProperty("length").GetInt32()));
        using var again = await PutAsync("<script>alert(1)</script>"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);

        using var got = await _served.Http.GetAsync(created.Headers.Location);
        Assert.Equal("<script>alert(1)</script>", await got.Content.ReadAsStringAsync());
        Assert.Equal("application/octet-stream", got.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment", got.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", got.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("sandbox; default-src 'none'", got.Headers.GetValues("Content-Security-Policy").Single());
        Assert.True(got.Headers.CacheControl is { Public: true, MaxAge.TotalDays: 365 });
        Assert.Contains("immutable", got.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
        Assert.Equal($"\"{cid}\"", got.Headers.ETag!.ToString());
        Assert.False(got.Headers.ETag.IsWeak);
        using var head = await _served.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Head, created.Headers.Location));
        Assert.Equal((HttpStatusCode.OK, 25L), (head.StatusCode, head.Content.Headers.ContentLength));
        using var same = new HttpRequestMessage(HttpMethod.Get, created.Headers.Location);
        same.Headers.IfNoneMatch.Add(got.Headers.ETag);
        using var unchanged = await _served.Http.SendAsync(same);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Theory]
    [InlineData("bytes=2-5", 206, "2345", "bytes 2-5/10")]
    [InlineData("bytes=7-", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-3", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=8-99", 206, "89", "bytes 8-9/10")]
    [InlineData("bytes=10-", 416, "", "bytes */10")]
    [InlineData("bytes=5-2", 200, "0123456789", null)]
    [InlineData("lines=1-2", 200, "0123456789", null)]
    [InlineData("bytes=0-1,3-4", 200, "0123456789", null)]
    public async Task A_single_range_is_answered_and_any_other_is_the_whole(
        string range, int status, string expected, string? contentRange)
    {
        using var created = await PutAsync("0123456789"u8.ToArray());
        using var request = new HttpRequestMessage(HttpMethod.Get, created.Headers.Location);
        request.Headers.TryAddWithoutValidation("Range", range);
        using var got = await _served.Http.SendAsync(request);
        Assert.Equal((status, expected), ((int)got.StatusCode, await got.Content.ReadAsStringAsync()));
        Assert.Equal(contentRange, got.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task A_body_must_have_the_digest_that_its_sender_tells_and_the_name_of_the_address()
    {
        var right = Convert.ToBase64String(Cid.Of("hello"u8).Digest);
        foreach (var header in new[] { "Content-Digest", "Repr-Digest" })
            Assert.Equal(
                "Created or OK",
                await ToldAsync("hello", header, $"sha-512=:AAAA:, sha-256=:{right}:") is "Created" or "OK"
                    ? "Created or OK" : header);
        Assert.Equal("ContentHasOtherHash", await ToldAsync("hullo", "Content-Digest", $"sha-256=:{right}:"));
        Assert.Equal("WrongDigest", await ToldAsync("hello", "Content-Digest", "sha-256=:AAAA:"));
        Assert.Equal("WrongDigest", await ToldAsync("hello", "Content-Digest", $"sha-256={right}"));
        Assert.Equal("OK", await ToldAsync("hello", "Content-Digest", "sha-512=:AAAA:"));
        Assert.Equal("OK", await ToldAsync("hello", "Digest", "whatever", $"/v1/content/{Cid.Of("hello"u8)}"));
        Assert.Equal(
            "ContentHasOtherHash", await ToldAsync("hullo", "Digest", "whatever", $"/v1/content/{Cid.Of("hello"u8)}"));
        Assert.Equal("ContentHasOtherHash", await ToldAsync(
            "hello", "Content-Digest", $"sha-256=:{right}:", $"/v1/content/{Cid.Of("hullo"u8)}"));
        Assert.Equal("WrongCid", await ToldAsync("hello", "Digest", "whatever", "/v1/content/bafk"));
        Assert.Null(_served.Store.Find(Cid.Of("hullo"u8)));
    }

    [Fact]
    public async Task A_refusal_names_its_limit()
    {
        await RefusedAsync(await PutAsync(new byte[1_000_001]), 413, "ContentTooLarge", "BLOB_BYTES");
        // Without a length told before, the stream itself is counted.
        using var untold = new StreamContent(new Slow(1_000_001));
        await RefusedAsync(await _served.Http.PutAsync("/v1/content", untold), 413, "ContentTooLarge", "BLOB_BYTES");
        (await PutAsync(new byte[1_000_000])).Dispose();
        await RefusedAsync(await PutAsync(new byte[500_001]), 507, "NoRoomForContent", "QUOTA_BYTES");
        using var form = new MultipartFormDataContent { { new StringContent("x"), "file", "x.txt" } };
        await RefusedAsync(await _served.Http.PutAsync("/v1/content", form), 415, "WrongMediaType", null);
        using var packed = new ByteArrayContent([1, 2, 3]);
        packed.Headers.ContentEncoding.Add("gzip");
        await RefusedAsync(await _served.Http.PutAsync("/v1/content", packed), 415, "WrongEncoding", null);
        await RefusedAsync(await GetAsync("nothing"), 400, "WrongCid", null);
        await RefusedAsync(await GetAsync($"{Cid.Of("nobody"u8)}"), 404, "ContentMissing", null);
        await RefusedAsync(
            await GetAsync("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"), 404, "ContentKindNotStored", null);
        Assert.Empty(_served.Faults);
    }

    [Fact]
    public async Task A_network_that_is_not_trusted_uploads_at_a_bounded_rate_and_reads_at_any()
    {
        await using var counted = await Served.StartAsync(_database.ConnectionString, new ContentApiOptions());
        HttpResponseMessage? refused = null;
        for (var i = 0; i < 400 && refused is null; i++)
        {
            using var content = new StringContent($"{i}");
            var answer = await counted.Http.PutAsync("/v1/content", content);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) refused = answer;
            else answer.Dispose();
        }

        Assert.NotNull(refused);
        Assert.NotNull(refused.Headers.RetryAfter);
        await RefusedAsync(refused, 429, "TooManyRequests", "UPLOADS_NETWORK");
        using var got = await counted.Http.GetAsync(new Uri($"/v1/content/{Cid.Of("0"u8)}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, got.StatusCode);
    }

    private static async Task RefusedAsync(HttpResponseMessage response, int status, string code, string? limit)
    {
        using (response)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            var problem = await Served.JsonAsync(response);
            Assert.Equal(
                (status, code, limit), ((int)response.StatusCode, problem.GetProperty("code").GetString(),
                    problem.TryGetProperty("limit", out var named) ? named.GetString() : null));
            Assert.NotEqual("", problem.GetProperty("expected").GetString());
            Assert.NotEqual("", problem.GetProperty("found").GetString());
        }
    }

    private async Task<string> ToldAsync(string text, string header, string value, string address = "/v1/content")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new StringContent(text) };
        if (!request.Headers.TryAddWithoutValidation(header, value))
            request.Content.Headers.TryAddWithoutValidation(header, value);
        using var response = await _served.Http.SendAsync(request);
        return response.IsSuccessStatusCode
            ? $"{response.StatusCode}" : (await Served.JsonAsync(response)).GetProperty("code").GetString()!;
    }

    private async Task<HttpResponseMessage> PutAsync(byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return await _served.Http.PutAsync("/v1/content", content);
    }

    private Task<HttpResponseMessage> GetAsync(string cid) =>
        _served.Http.GetAsync(new Uri($"/v1/content/{cid}", UriKind.Relative));

    // A stream whose length nobody knows before its end.
    private sealed class Slow(long length) : MemoryStream(new byte[length])
    {
        public override bool CanSeek => false;
    }
}
