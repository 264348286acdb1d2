// A moment of the chain: the time of a block, or a deadline that a contract recorded. Enters: seconds since 1970, as
// contracts count them. Leaves: the same, at most the end of the year 9999: contracts let their users name any time,
// and every later one reads as "never". Always holds: order is the order of time.
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.Domain.Values;

/// <summary>Seconds since 1970, at most to the end of the year 9999.</summary>
[JsonConverter(typeof(InstantJson))]
public readonly record struct Instant : IComparable<Instant>
{
    private const long EndOfTime = 253_402_300_799;

    /// <summary>A moment by its seconds. Seconds beyond the last moment give the last moment.</summary>
    public Instant(ulong seconds) => Seconds = seconds < EndOfTime ? (long)seconds : EndOfTime;

    /// <summary>The last moment: never.</summary>
    public static Instant Never { get; } = new(ulong.MaxValue);

    /// <summary>Seconds since 1970; 0 says that a contract recorded none.</summary>
    public long Seconds { get; }

    /// <summary>Whether a contract recorded none.</summary>
    public bool IsNone => Seconds == 0;

    /// <summary>The moment that lies the given seconds later.</summary>
    public Instant Plus(ulong seconds) => new((ulong)Seconds + Math.Min(seconds, EndOfTime));

    /// <inheritdoc />
    public int CompareTo(Instant other) => Seconds.CompareTo(other.Seconds);

    /// <summary>The seconds as decimal text.</summary>
    public override string ToString() => Seconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>Takes seconds as contracts count them.</summary>
    public static implicit operator Instant(ulong seconds) => new(seconds);

    /// <summary>Whether the left moment is earlier.</summary>
    public static bool operator <(Instant left, Instant right) => left.Seconds < right.Seconds;

    /// <summary>Whether the left moment is later.</summary>
    public static bool operator >(Instant left, Instant right) => left.Seconds > right.Seconds;

    /// <summary>Whether the left moment is not later.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Seconds <= right.Seconds;

    /// <summary>Whether the left moment is not earlier.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Seconds >= right.Seconds;

    internal sealed class InstantJson : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetUInt64());

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Seconds);
    }
}
