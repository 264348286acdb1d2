// Reads one log by the ABI, strictly. Enters: topics and data as the node sent them (untrusted). Leaves: values, or the
// first failure with its place; after a failure every read answers a default and nothing is thrown. Always holds: no
// read goes beyond the log; nothing is allocated before its length is known to be inside it; all allocations together
// are no longer than the data (a list whose offsets all lead to one long text is refused).
using System.Buffers.Binary;
using System.Text;
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;

namespace EventSourced.Indexer.Decode;

/// <summary>The reason why a log could not be decoded.</summary>
public enum DecodeFault : byte
{
    /// <summary>It was decoded.</summary>
    None,

    /// <summary>The contract has no event with this topic.</summary>
    UnknownTopic,

    /// <summary>The log has another number of topics than the event.</summary>
    TopicCount,

    /// <summary>The data end before the value does.</summary>
    DataTooShort,

    /// <summary>An offset or a length leads outside of the data.</summary>
    OutsideData,

    /// <summary>A value is wider than its type, or its padding is not zero.</summary>
    ValueTooWide,

    /// <summary>Several offsets lead to the same bytes: the content is larger than the data.</summary>
    Overlap,
}

/// <summary>A strict reader over one log.</summary>
internal ref struct AbiReader(ReadOnlySpan<byte> topics, ReadOnlySpan<byte> data)
{
    private const int WordLength = 32;

    private readonly ReadOnlySpan<byte> _topics = topics;
    private readonly ReadOnlySpan<byte> _data = data;
    private int _base;
    private int _left = data.Length;

    // The word that was read last, to locate its fault.
    private int _at;
    private bool _inTopics = true;

    /// <summary>The first failure.</summary>
    public DecodeFault Fault { get; private set; }

    /// <summary>The place of the failure: a byte of the data, or of the topics.</summary>
    public int FaultAt { get; private set; }

    /// <summary>Whether <see cref="FaultAt"/> counts the topics' bytes.</summary>
    public bool FaultInTopics { get; private set; }

    /// <summary>Whether a read has failed.</summary>
    public readonly bool Failed => Fault != DecodeFault.None;

    /// <summary>The first eight bytes of topic 0, which distinguish the events; zero without a topic.</summary>
    public readonly ulong Selector => _topics.Length >= WordLength ? BinaryPrimitives.ReadUInt64BigEndian(_topics) : 0;

    /// <summary>Records that no event of the contract has this topic.</summary>
    public ChainEvent? Unknown()
    {
        Fail(DecodeFault.UnknownTopic, 0);
        return null;
    }

    /// <summary>Checks the whole topic 0, the number of topics and the length of the head.</summary>
    public bool Begin(ulong a, ulong b, ulong c, ulong d, int topics, int words)
    {
        var first = _topics[..WordLength];
        if (BinaryPrimitives.ReadUInt64BigEndian(first) != a || BinaryPrimitives.ReadUInt64BigEndian(first[8..]) != b
            || BinaryPrimitives.ReadUInt64BigEndian(first[16..]) != c
                || BinaryPrimitives.ReadUInt64BigEndian(first[24..]) != d)
            Fail(DecodeFault.UnknownTopic, 0);
        else if (_topics.Length != topics * WordLength)
            Fail(DecodeFault.TopicCount, _topics.Length);
        _inTopics = false;
        if (_data.Length < words * WordLength) Fail(DecodeFault.DataTooShort, _data.Length);
        return !Failed;
    }

    /// <summary>
    /// Goes into the struct whose offset stands in a word. Answers the position for <see cref="Leave"/>.
    /// </summary>
    public int Enter(int word, int words)
    {
        var outer = _base;
        var start = Offset(word, words * WordLength);
        if (!Failed) _base = start;
        return outer;
    }

    /// <summary>Goes back to the tuple around a struct.</summary>
    public void Leave(int outer) => _base = outer;

    public byte UInt8(int word) => (byte)Small(Word(_base, word), byte.MaxValue);

    public ushort UInt16(int word) => (ushort)Small(Word(_base, word), ushort.MaxValue);

    public uint UInt32(int word) => (uint)Small(Word(_base, word), uint.MaxValue);

    public ulong UInt64(int word) => Small(Word(_base, word), ulong.MaxValue);

    public bool Bool(int word) => Small(Word(_base, word), 1) == 1;

    public UInt128 UInt128(int word) => Half(Word(_base, word));

    public UInt256 UInt256(int word) => Unsigned(Word(_base, word));

    public Int128 Int128(int word) => SignedHalf(Word(_base, word));

    public Int256 Int256(int word) => Signed(Word(_base, word));

    public Address Address(int word) => Account(Word(_base, word));

    public Word Word(int word) => new(Word(_base, word));

    public string Text(int word)
    {
        var bytes = Content(word);
        // Invalid UTF-8, and text that PostgreSQL's jsonb cannot hold, becomes U+FFFD: the same on every machine.
        var text = Encoding.UTF8.GetString(bytes);
        return text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\uFFFD') : text;
    }

    public Bytes Bytes(int word) => new(Content(word).ToArray());

    public Sequence<ulong> UInt64Sequence(int word)
    {
        var items = Items(word, out var count);
        var values = new ulong[count];
        for (var i = 0; i < count; i++) values[i] = Small(Word(items, i), ulong.MaxValue);
        return new Sequence<ulong>(values);
    }

    public Sequence<UInt256> UInt256Sequence(int word)
    {
        var items = Items(word, out var count);
        var values = new UInt256[count];
        for (var i = 0; i < count; i++) values[i] = Unsigned(Word(items, i));
        return new Sequence<UInt256>(values);
    }

    public Sequence<Address> AddressSequence(int word)
    {
        var items = Items(word, out var count);
        var values = new Address[count];
        for (var i = 0; i < count; i++) values[i] = Account(Word(items, i));
        return new Sequence<Address>(values);
    }

    public Sequence<string> TextSequence(int word) =>
        Nested(word, static (ref AbiReader log, int item) => log.Text(item));

    public Sequence<Bytes> BytesSequence(int word) =>
        Nested(word, static (ref AbiReader log, int item) => log.Bytes(item));

    public byte TopicUInt8(int topic) => (byte)Small(Topic(topic), byte.MaxValue);

    public ushort TopicUInt16(int topic) => (ushort)Small(Topic(topic), ushort.MaxValue);

    public uint TopicUInt32(int topic) => (uint)Small(Topic(topic), uint.MaxValue);

    public ulong TopicUInt64(int topic) => Small(Topic(topic), ulong.MaxValue);

    public bool TopicBool(int topic) => Small(Topic(topic), 1) == 1;

    public UInt128 TopicUInt128(int topic) => Half(Topic(topic));

    public UInt256 TopicUInt256(int topic) => Unsigned(Topic(topic));

    public Address TopicAddress(int topic) => Account(Topic(topic));

    public Word TopicWord(int topic) => new(Topic(topic));

    private delegate T ItemReader<T>(ref AbiReader log, int item);

    // Items of dynamic type: their offsets count from the first item.
    private Sequence<T> Nested<T>(int word, ItemReader<T> read)
        where T : notnull
    {
        var items = Items(word, out var count);
        var outer = _base;
        _base = items;
        var values = new T[count];
        for (var i = 0; i < count; i++) values[i] = read(ref this, i);
        _base = outer;
        return new Sequence<T>(values);
    }

    private ReadOnlySpan<byte> Topic(int topic)
    {
        (_at, _inTopics) = (topic * WordLength, true);
        return _topics.Slice(_at, WordLength);
    }

    private ReadOnlySpan<byte> Word(int start, int word)
    {
        (_at, _inTopics) = (start + word * WordLength, false);
        if (!Failed && _at <= _data.Length - WordLength) return _data.Slice(_at, WordLength);
        Fail(DecodeFault.DataTooShort, _at);
        return Zero;
    }

    private ReadOnlySpan<byte> Content(int word)
    {
        var start = Offset(word, WordLength);
        if (Failed) return [];
        var length = Small(Word(start, 0), int.MaxValue);
        if (!Failed && length > (ulong)(_data.Length - start - WordLength)) Fail(DecodeFault.OutsideData, start);
        return Pay((long)length) ? _data.Slice(start + WordLength, (int)length) : [];
    }

    private int Items(int word, out int count)
    {
        count = 0;
        var start = Offset(word, WordLength);
        if (Failed) return 0;
        var length = Small(Word(start, 0), int.MaxValue);
        if (!Failed && length > (ulong)((_data.Length - start - WordLength) / WordLength))
            Fail(DecodeFault.OutsideData, start);
        if (!Pay((long)length * WordLength)) return 0;
        count = (int)length;
        return start + WordLength;
    }

    // Contents without overlap are together no longer than the data.
    private bool Pay(long length)
    {
        if (!Failed && length > _left) Fail(DecodeFault.Overlap, _at);
        if (!Failed) _left -= (int)length;
        return !Failed;
    }

    // The absolute place of an offset word, with at least the given room behind it.
    private int Offset(int word, int room)
    {
        var offset = Small(Word(_base, word), int.MaxValue);
        if (!Failed && (ulong)_base + offset + (ulong)room <= (ulong)_data.Length) return _base + (int)offset;
        Fail(DecodeFault.OutsideData, _at);
        return 0;
    }

    private ulong Small(ReadOnlySpan<byte> word, ulong largest)
    {
        var value = BinaryPrimitives.ReadUInt64BigEndian(word[24..]);
        if (value <= largest && !word[..24].ContainsAnyExcept((byte)0)) return value;
        Fail(DecodeFault.ValueTooWide, _at);
        return 0;
    }

    private UInt128 Half(ReadOnlySpan<byte> word)
    {
        if (!word[..16].ContainsAnyExcept((byte)0)) return BinaryPrimitives.ReadUInt128BigEndian(word[16..]);
        Fail(DecodeFault.ValueTooWide, _at);
        return 0;
    }

    private Int128 SignedHalf(ReadOnlySpan<byte> word)
    {
        var value = BinaryPrimitives.ReadInt128BigEndian(word[16..]);
        if (!word[..16].ContainsAnyExcept(value < 0 ? (byte)0xff : (byte)0)) return value;
        Fail(DecodeFault.ValueTooWide, _at);
        return 0;
    }

    private Address Account(ReadOnlySpan<byte> word)
    {
        if (!word[..12].ContainsAnyExcept((byte)0)) return new Address(word[12..]);
        Fail(DecodeFault.ValueTooWide, _at);
        return default;
    }

    private static UInt256 Unsigned(ReadOnlySpan<byte> word) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(word), BinaryPrimitives.ReadUInt128BigEndian(word[16..]));

    private static Int256 Signed(ReadOnlySpan<byte> word) =>
        new(BinaryPrimitives.ReadInt128BigEndian(word), BinaryPrimitives.ReadUInt128BigEndian(word[16..]));

    private void Fail(DecodeFault fault, int at)
    {
        if (Failed) return;
        (Fault, FaultAt, FaultInTopics) = (fault, at, _inTopics);
    }

    private static ReadOnlySpan<byte> Zero => new byte[WordLength];
}
