// Cards of agents are anybody's bytes: what is a card is read, what is none gives null, and nothing fails.
using System.Text;
using System.Text.Json;
using EventSourced.Api.Cards;
using EventSourced.Content;

namespace EventSourced.Api.Tests;

public sealed class CardTests : IDisposable
{
    private const string Ada = """{"name":"Ada","description":"translates","skills":["translation","reading"]}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("cards").FullName;
    private readonly ContentStore _store;
    private readonly CardReader _reader;
    private int _opened;

    public CardTests()
    {
        _store = new ContentStore(new ContentOptions { Folder = _folder });
        _reader = new CardReader((cid, cancellation) =>
        {
            _opened++;
            return _store.OpenAsync(cid, cancellation);
        });
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(Ada, Ada)]
    [InlineData("""{"name":" Bo\u0007b ","other":{"deep":[1]}}""", """{"name":"Bo b","description":null,"skills":[]}""")]
    [InlineData("""{"name":"A2A","skills":[{"id":"x","name":"By name"},{"id":"by-id"},{"tags":[]},7,""]}""",
        """{"name":"A2A","description":null,"skills":["By name","by-id"]}""")]
    [InlineData("""{"type":"https://eips.ethereum.org/EIPS/eip-8004#registration-v1","name":"R","services":[{"name":"OASF","skills":["a","b"]},{"skills":["b","c"]},3]}""",
        """{"name":"R","description":null,"skills":["a","b","c"]}""")]
    public async Task A_document_with_a_name_is_a_card(string document, string expected)
    {
        Assert.Equal(expected, (await ReadAsync($"data:application/json,{Uri.EscapeDataString(document)}"))?.GetRawText());
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(document));
        Assert.Equal(expected, (await ReadAsync($"data:application/json;base64,{base64}"))?.GetRawText());
        Assert.Equal(expected, (await ReadAsync($"ipfs://{await PutAsync(document)}"))?.GetRawText());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("not JSON")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"name":"  "}""")]
    [InlineData("""{"name":"a","name":"b"}""")]
    [InlineData("""{"name":"\ud800"}""")]
    [InlineData("""{"name":"deep","x":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}""")]
    [InlineData("")]
    public async Task A_document_that_is_no_card_is_null(string document)
    {
        Assert.Null(await ReadAsync($"data:,{Uri.EscapeDataString(document)}"));
        Assert.Null(await ReadAsync($"ipfs://{await PutAsync(document)}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://example.com/card.json")]
    [InlineData("ipfs://nonsense")]
    [InlineData("ipfs://bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")]
    [InlineData("data:application/json")]
    [InlineData("data:application/json;base64,???")]
    [InlineData("data:,%7B%22name%22%3A%22%FF%22%7D%")]
    public async Task An_address_that_this_host_cannot_read_is_null(string address) => await ReadAsync(address);

    [Fact]
    public async Task Bytes_that_are_no_text_and_documents_that_are_too_long_are_null()
    {
        Assert.Null(await ReadAsync($"ipfs://{(await PutAsync([0xff, 0xfe, 0x00, 0x7b]))}"));
        var longOne = $$"""{"name":"long","x":"{{new string('x', CardReader.MostBytes)}}"}""";
        Assert.Null(await ReadAsync($"ipfs://{await PutAsync(longOne)}"));
        Assert.Null(await ReadAsync($"data:,{longOne}"));
    }

    [Fact]
    public async Task A_long_name_is_cut_between_characters_and_skills_are_at_most_64()
    {
        var document = JsonSerializer.Serialize(new
        {
            name = string.Concat(Enumerable.Repeat("😀", 150)),
            skills = Enumerable.Range(0, 500).Select(one => $"skill {one}"),
        });
        var card = (await ReadAsync($"ipfs://{await PutAsync(document)}"))!.Value;
        Assert.Equal(200, card.GetProperty("name").GetString()!.Length);
        Assert.Equal(64, card.GetProperty("skills").GetArrayLength());
    }

    [Fact]
    public async Task A_card_by_its_hash_is_read_once_and_one_that_comes_later_is_found()
    {
        var cid = Cid.Of(Encoding.UTF8.GetBytes(Ada));
        Assert.Null(await ReadAsync($"ipfs://{cid}"));
        await PutAsync(Ada);
        Assert.NotNull(await ReadAsync($"ipfs://{cid}"));
        Assert.NotNull(await ReadAsync($"ipfs://{cid}"));
        Assert.Equal(2, _opened);
    }

    private ValueTask<JsonElement?> ReadAsync(string address) =>
        _reader.ReadAsync(JsonSerializer.SerializeToElement(address), CancellationToken.None);

    private Task<Cid> PutAsync(string document) => PutAsync(Encoding.UTF8.GetBytes(document));

    private async Task<Cid> PutAsync(byte[] document)
    {
        using var body = new MemoryStream(document);
        return (await _store.PutAsync(body, null, CancellationToken.None)).Cid;
    }
}
