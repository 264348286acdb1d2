// What the bench stores: accounts that are opened and moved, about 300 bytes of JSON an event. By us written and read
// by hand, as the system's hot events are, by Marten with metadata made at compile time; the sums at the end tell
// whether every event was there once.
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourced.MartenBulk;

namespace EventSourced.Bench.Store;

internal abstract record LedgerEvent;

internal sealed record AccountOpened(long Account, int Customer, Hash32 Owner, Hash32 Manifest, Hash32 Reference,
    long Block) : LedgerEvent;

internal sealed record AmountMoved(
    long Account, int Customer, Hash32 From, Hash32 To, Hash32 Reference, UInt128 Amount, int Reason,
        long Block) : LedgerEvent;

// As a decimal string: a JSON number would lose its last digits in most readers.
internal sealed class Amount : JsonConverter<UInt128>
{
    public override UInt128 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        UInt128.Parse(reader.ValueSpan, CultureInfo.InvariantCulture);

    public override void Write(Utf8JsonWriter writer, UInt128 value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
}

[JsonSerializable(typeof(AccountOpened))]
[JsonSerializable(typeof(AmountMoved))]
internal sealed partial class LedgerJson : JsonSerializerContext;

internal static class Ledger
{
    internal const int Customers = 1000;

    private static readonly JsonEncodedText AccountName = JsonEncodedText.Encode("Account");
    private static readonly JsonEncodedText CustomerName = JsonEncodedText.Encode("Customer");
    private static readonly JsonEncodedText OwnerName = JsonEncodedText.Encode("Owner");
    private static readonly JsonEncodedText ManifestName = JsonEncodedText.Encode("Manifest");
    private static readonly JsonEncodedText ReferenceName = JsonEncodedText.Encode("Reference");
    private static readonly JsonEncodedText BlockName = JsonEncodedText.Encode("Block");
    private static readonly JsonEncodedText FromName = JsonEncodedText.Encode("From");
    private static readonly JsonEncodedText ToName = JsonEncodedText.Encode("To");
    private static readonly JsonEncodedText AmountName = JsonEncodedText.Encode("Amount");
    private static readonly JsonEncodedText ReasonName = JsonEncodedText.Encode("Reason");

    internal static readonly EventTypes Types = new(
    [
        EventType.Of<AccountOpened>("account_opened", Write, ReadOpened),
        EventType.Of<AmountMoved>("amount_moved", Write, ReadMoved),
    ]);

    internal static void Write(Utf8JsonWriter json, AccountOpened opened)
    {
        json.WriteStartObject();
        json.WriteNumber(AccountName, opened.Account);
        json.WriteNumber(CustomerName, opened.Customer);
        Write(json, OwnerName, opened.Owner);
        Write(json, ManifestName, opened.Manifest);
        Write(json, ReferenceName, opened.Reference);
        json.WriteNumber(BlockName, opened.Block);
        json.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter json, AmountMoved moved)
    {
        json.WriteStartObject();
        json.WriteNumber(AccountName, moved.Account);
        json.WriteNumber(CustomerName, moved.Customer);
        Write(json, FromName, moved.From);
        Write(json, ToName, moved.To);
        Write(json, ReferenceName, moved.Reference);
        Span<byte> digits = stackalloc byte[40];
        moved.Amount.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture);
        json.WriteString(AmountName, digits[..written]);
        json.WriteNumber(ReasonName, moved.Reason);
        json.WriteNumber(BlockName, moved.Block);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JsonEncodedText name, Hash32 hash)
    {
        Span<byte> hex = stackalloc byte[Hash32.HexLength];
        hash.Write(hex);
        json.WriteString(name, hex);
    }

    internal static AccountOpened ReadOpened(ReadOnlySpan<byte> utf8)
    {
        var (account, customer, block) = (0L, 0, 0L);
        Hash32 owner = default, manifest = default, reference = default;
        var json = new Utf8JsonReader(utf8);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            switch (name)
            {
                case [(byte)'A', ..]: account = json.GetInt64(); break;
                case [(byte)'C', ..]: customer = json.GetInt32(); break;
                case [(byte)'O', ..]: owner = Hash32.Parse(json.ValueSpan); break;
                case [(byte)'M', ..]: manifest = Hash32.Parse(json.ValueSpan); break;
                case [(byte)'R', ..]: reference = Hash32.Parse(json.ValueSpan); break;
                case [(byte)'B', ..]: block = json.GetInt64(); break;
                default: json.Skip(); break;
            }
        }

        return new AccountOpened(account, customer, owner, manifest, reference, block);
    }

    internal static AmountMoved ReadMoved(ReadOnlySpan<byte> utf8)
    {
        var (account, customer, reason, block, amount) = (0L, 0, 0, 0L, UInt128.Zero);
        Hash32 from = default, to = default, reference = default;
        var json = new Utf8JsonReader(utf8);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            switch (name.Length)
            {
                case 2: to = Hash32.Parse(json.ValueSpan); break;
                case 4: from = Hash32.Parse(json.ValueSpan); break;
                case 5: block = json.GetInt64(); break;
                case 6 when name[0] == 'A': amount = UInt128.Parse(json.ValueSpan, CultureInfo.InvariantCulture); break;
                case 6: reason = json.GetInt32(); break;
                case 7: account = json.GetInt64(); break;
                case 8: customer = json.GetInt32(); break;
                case 9: reference = Hash32.Parse(json.ValueSpan); break;
                default: json.Skip(); break;
            }
        }

        return new AmountMoved(account, customer, from, to, reference, amount, reason, block);
    }
}

/// <summary>The events of one run, the same for every side that is measured.</summary>
internal sealed class LedgerData
{
    internal const int EventsPerStream = 5;

    internal LedgerData(int streams, int seed)
    {
        var random = new Random(seed);
        Keys = [.. Enumerable.Range(0, streams).Select(number => $"account-{number}")];
        Events = new LedgerEvent[streams * EventsPerStream];
        Json = new byte[Events.Length][];
        var output = new MemoryStream();
        using var json = new Utf8JsonWriter(output);
        for (var index = 0; index < Events.Length; index++)
        {
            Events[index] = Make(random, index / EventsPerStream, index % EventsPerStream);
            if (Events[index] is AmountMoved moved) Sum += moved.Amount;
            output.SetLength(0);
            if (Events[index] is AccountOpened opened) Ledger.Write(json, opened);
            else Ledger.Write(json, (AmountMoved)Events[index]);
            json.Flush();
            json.Reset();
            Json[index] = output.ToArray();
        }

        Next = Make(random, 0, 1);
    }

    internal string[] Keys { get; }

    internal LedgerEvent[] Events { get; }

    /// <summary>The same events already serialized: a floor pays nothing for that.</summary>
    internal byte[][] Json { get; }

    internal UInt128 Sum { get; }

    /// <summary>What follows in a stream that exists.</summary>
    internal LedgerEvent Next { get; }

    internal int Count => Events.Length;

    internal double BytesPerEvent => Json.Average(json => json.Length);

    private static LedgerEvent Make(Random random, long account, int place) => place == 0
        ? new AccountOpened(account, (int)(account % Ledger.Customers), Hash32.Random(random), Hash32.Random(random),
            Hash32.Random(random), random.Next())
        : new AmountMoved(
            account, (int)(account % Ledger.Customers), Hash32.Random(random), Hash32.Random(random),
            Hash32.Random(random), (UInt128)random.NextInt64(), random.Next(8), random.Next());
}
