// Sequences as JSON arrays. The catalog has lists of these item types and no others; a new one is named here.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.Domain.Values;

internal sealed class SequenceJson : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Sequence<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        typeToConvert == typeof(Sequence<ulong>) ? new Of<ulong>()
        : typeToConvert == typeof(Sequence<string>) ? new Of<string>()
        : typeToConvert == typeof(Sequence<Address>) ? new Of<Address>()
        : typeToConvert == typeof(Sequence<Bytes>) ? new Of<Bytes>()
        : typeToConvert == typeof(Sequence<UInt256>) ? new Of<UInt256>()
        : typeToConvert == typeof(Sequence<Word>) ? new Of<Word>()
        : throw new NotSupportedException($"expected a sequence of an item type of the catalog, found {typeToConvert}");

    private sealed class Of<T> : JsonConverter<Sequence<T>>
        where T : notnull
    {
        public override Sequence<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var converter = (JsonConverter<T>)options.GetConverter(typeof(T));
            if (reader.TokenType != JsonTokenType.StartArray)
                throw new JsonException($"expected an array, found {reader.TokenType}");
            var items = new List<T>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                items.Add(converter.Read(ref reader, typeof(T), options)
                    ?? throw new JsonException("expected an item, found null"));
            return new Sequence<T>([.. items]);
        }

        public override void Write(Utf8JsonWriter writer, Sequence<T> value, JsonSerializerOptions options)
        {
            var converter = (JsonConverter<T>)options.GetConverter(typeof(T));
            writer.WriteStartArray();
            foreach (var item in value.Items) converter.Write(writer, item, options);
            writer.WriteEndArray();
        }
    }
}
