// A result tree and errors enter, JSON bytes leave (specification 7.1 and 7.2): errors first, so that a reader sees at
// once that something is missing. Raw JSON goes through unread.
using System.Buffers;
using System.Collections;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventSourced.GraphQL.Errors;

namespace EventSourced.GraphQL.Response;

internal static class ResponseWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static ReadOnlySpan<byte> Head => "{\"data\":{"u8;

    private static ReadOnlySpan<byte> Tail => "}}"u8;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    // The bytes of a response whose data is only JSON that goes through unread; else null.
    public static long? LengthOf(OperationResult result)
    {
        if (!result.Errors.IsEmpty || !result.Extensions.IsEmpty || result.Data is not { } data)
            return null;
        long length = Head.Length + Tail.Length;
        var members = 0;
        for (var at = 0; at < data.Values.Length; at++)
        {
            switch (data.Values[at])
            {
                case RawJson raw:
                    length += data.Names[at].EncodedUtf8Bytes.Length + 3 + raw.Utf8.Length;
                    members++;
                    break;
                case var value when ReferenceEquals(value, ResultMark.Absent):
                    break;
                default:
                    return null;
            }
        }

        return length + Math.Max(0, members - 1);
    }

    // The same, written piece by piece: what PostgreSQL made is copied once.
    private static void WriteRaw(IBufferWriter<byte> output, ResultObject data)
    {
        output.Write(Head);
        var isFirst = true;
        for (var at = 0; at < data.Values.Length; at++)
        {
            if (data.Values[at] is not RawJson raw)
                continue;
            output.Write(isFirst ? "\""u8 : ",\""u8);
            output.Write(data.Names[at].EncodedUtf8Bytes);
            output.Write("\":"u8);
            output.Write(raw.Utf8.Span);
            isFirst = false;
        }

        output.Write(Tail);
    }

    public static void Write(IBufferWriter<byte> output, OperationResult result)
    {
        if (LengthOf(result) is not null)
        {
            WriteRaw(output, result.Data!);
            return;
        }

        var writer = Rent(output);
        writer.WriteStartObject();
        if (!result.Errors.IsEmpty)
        {
            writer.WritePropertyName("errors");
            WriteErrors(writer, result.Errors);
        }

        if (result.HasData)
        {
            writer.WritePropertyName("data");
            WriteValue(writer, result.Data);
        }

        if (!result.Extensions.IsEmpty)
        {
            writer.WritePropertyName("extensions");
            WriteMembers(writer, result.Extensions.OrderBy(member => member.Key, StringComparer.Ordinal));
        }

        writer.WriteEndObject();
        writer.Flush();
        writer.Reset(Stream.Null);
        _writer = writer;
    }

    public static void WriteErrors(IBufferWriter<byte> output, ImmutableArray<GraphQLError> errors)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        WriteErrors(writer, errors);
    }

    private static Utf8JsonWriter Rent(IBufferWriter<byte> output)
    {
        if (_writer is not { } writer)
            return new(output, Options);
        _writer = null;
        writer.Reset(output);
        return writer;
    }

    private static void WriteErrors(Utf8JsonWriter writer, ImmutableArray<GraphQLError> errors)
    {
        writer.WriteStartArray();
        foreach (var error in errors)
        {
            writer.WriteStartObject();
            writer.WriteString("message", error.Message);
            if (!error.Locations.IsEmpty)
            {
                writer.WriteStartArray("locations");
                foreach (var (line, column) in error.Locations)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("line", line);
                    writer.WriteNumber("column", column);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            if (error.Path is { } path)
            {
                writer.WritePropertyName("path");
                WriteValue(writer, path.ToList());
            }

            writer.WritePropertyName("extensions");
            WriteMembers(
                writer, error.Extensions.OrderBy(member => member.Key, StringComparer.Ordinal)
                    .Prepend(new("code", error.Code)));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteMembers(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> members)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case ResultObject result:
                WriteObject(writer, result);
                break;
            case ResultList list:
                writer.WriteStartArray();
                foreach (var element in list.Elements)
                    WriteValue(writer, element);
                writer.WriteEndArray();
                break;
            case RawJson raw:
                writer.WriteRawValue(raw.Utf8.Span, skipInputValidation: true);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            default:
                WriteForeign(writer, value);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, ResultObject result)
    {
        writer.WriteStartObject();
        var names = result.Names;
        for (var index = 0; index < names.Length; index++)
        {
            var value = result.Values[index];
            if (ReferenceEquals(value, ResultMark.Absent))
                continue;
            writer.WritePropertyName(names[index]);
            WriteValue(writer, value);
        }

        writer.WriteEndObject();
    }

    // The values of custom scalars without a binding, and of the extensions of errors.
    private static void WriteForeign(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case JsonElement json:
                json.WriteTo(writer);
                break;
            case IReadOnlyDictionary<string, object?> members:
                WriteMembers(writer, members);
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (var element in list)
                    WriteValue(writer, element);
                writer.WriteEndArray();
                break;
            default:
                JsonSerializer.Serialize(writer, value, value.GetType());
                break;
        }
    }
}
