// A list inside an event, by value: two sequences are equal when their items are, so that records with lists compare as
// records do.
using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.Domain.Values;

/// <summary>An immutable list with the equality of its items.</summary>
[JsonConverter(typeof(SequenceJson))]
[CollectionBuilder(typeof(Sequence), nameof(Sequence.Create))]
public readonly struct Sequence<T>(T[] items) : IReadOnlyList<T>, IEquatable<Sequence<T>>
    where T : notnull
{
    private readonly T[]? _items = items;

    /// <summary>The items in order.</summary>
    public ReadOnlySpan<T> Items => _items;

    /// <inheritdoc />
    public int Count => _items?.Length ?? 0;

    /// <inheritdoc />
    public T this[int index] => Items[index];

    /// <inheritdoc />
    public bool Equals(Sequence<T> other) => Items.SequenceEqual(other.Items);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Sequence<T> other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in Items) hash.Add(item);
        return hash.ToHashCode();
    }

    /// <inheritdoc />
    public IEnumerator<T> GetEnumerator() => (_items ?? []).AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both have equal items.</summary>
    public static bool operator ==(Sequence<T> left, Sequence<T> right) => left.Equals(right);

    /// <summary>Whether they differ in an item.</summary>
    public static bool operator !=(Sequence<T> left, Sequence<T> right) => !left.Equals(right);
}

/// <summary>Makes sequences from collection expressions.</summary>
public static class Sequence
{
    /// <summary>A sequence of the items.</summary>
    public static Sequence<T> Create<T>(ReadOnlySpan<T> items)
        where T : notnull => new(items.ToArray());
}

/// <summary>Bytes of any length inside an event, by value; in JSON lower-case hex with 0x.</summary>
[JsonConverter(typeof(BytesJson))]
public readonly struct Bytes(byte[] content) : IEquatable<Bytes>
{
    private readonly byte[]? _content = content;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Content => _content;

    /// <inheritdoc />
    public bool Equals(Bytes other) => Content.SequenceEqual(other.Content);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Bytes other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Content);
        return hash.ToHashCode();
    }

    /// <summary>0x and two lower-case digits a byte.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(Content);

    /// <summary>Whether both have equal bytes.</summary>
    public static bool operator ==(Bytes left, Bytes right) => left.Equals(right);

    /// <summary>Whether they differ in a byte.</summary>
    public static bool operator !=(Bytes left, Bytes right) => !left.Equals(right);

    internal sealed class BytesJson : JsonConverter<Bytes>
    {
        public override Bytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.GetString() ?? "";
            var bytes = new byte[Math.Max(0, text.Length - 2) / 2];
            Hex.Read(text, bytes, "bytes");
            return new Bytes(bytes);
        }

        public override void Write(Utf8JsonWriter writer, Bytes value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
