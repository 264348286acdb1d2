// A command before it is sent. Enters: a name of the catalog and arguments. Leaves: both, as HTTP takes them. Always
// holds: numbers are decimal texts, so none loses a digit on its way.
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using EventSourced.Ethereum;

namespace EventSourced.Client;

/// <summary>A command; the records in <see cref="Commands"/> are the typed ones.</summary>
public abstract record Command
{
    /// <summary>Its name in the catalog: <c>tasks.create</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Its arguments by their names.</summary>
    public abstract JsonObject Arguments { get; }

    /// <summary>A command by its name, with arguments that are read when it is sent.</summary>
    public static Command Of(string name, JsonObject arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(arguments);
        return new Named(name, arguments);
    }

    /// <summary>A number.</summary>
    protected internal static JsonNode Json(UInt256 value) => JsonValue.Create(value.ToString());

    /// <summary>A number with its sign.</summary>
    protected internal static JsonNode Json(BigInteger value) =>
        JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number.</summary>
    protected internal static JsonNode Json(ulong value) =>
        JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A truth.</summary>
    protected internal static JsonNode Json(bool value) => JsonValue.Create(value);

    /// <summary>A text.</summary>
    protected internal static JsonNode Json(string value) => JsonValue.Create(value);

    /// <summary>An address.</summary>
    protected internal static JsonNode Json(Address value) => JsonValue.Create(value.ToString());

    /// <summary>Thirty-two bytes.</summary>
    protected internal static JsonNode Json(Hash32 value) => JsonValue.Create(value.ToString());

    /// <summary>Bytes.</summary>
    protected internal static JsonNode Json(ReadOnlyMemory<byte> value) => JsonValue.Create(Hex.ToText(value.Span));

    /// <summary>A list.</summary>
    protected internal static JsonNode Json<T>(IEnumerable<T> values, Func<T, JsonNode> one)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new JsonArray([.. values.Select(one)]);
    }

    private sealed record Named(string Command, JsonObject Given) : Command
    {
        public override string Name => Command;

        public override JsonObject Arguments => (JsonObject)Given.DeepClone();
    }
}
