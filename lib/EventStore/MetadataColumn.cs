// One optional column of mt_events: how it is named and typed, and how an event's metadata goes in and comes out.
using System.Text;
using EventSourced.EventStore.Json;

namespace EventSourced.EventStore;

/// <summary>Reads a column's value into metadata.</summary>
internal delegate EventMetadata MetadataReader(EventMetadata metadata, ReadOnlySpan<byte> value);

/// <summary>One optional column.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Parameter">Its parameter of Marten's append function.</param>
/// <param name="FunctionOrder">The place of that parameter.</param>
/// <param name="Text">The value of an event.</param>
/// <param name="Read">The way back.</param>
internal sealed record MetadataColumn(
    string Name,
    string Type,
    string Parameter,
    int FunctionOrder,
    Func<EventMetadata, string?> Text,
    MetadataReader Read)
{
    internal static readonly MetadataColumn CorrelationId = new(
        "correlation_id", "varchar", "correlation_ids", 1, metadata => metadata.CorrelationId,
        (metadata, value) => metadata with { CorrelationId = Encoding.UTF8.GetString(value) });

    internal static readonly MetadataColumn CausationId = new(
        "causation_id", "varchar", "causation_ids", 0, metadata => metadata.CausationId,
        (metadata, value) => metadata with { CausationId = Encoding.UTF8.GetString(value) });

    internal static readonly MetadataColumn Headers = new(
        "headers", "jsonb", "headers", 2, HeadersJson.Write,
        (metadata, value) => metadata with { Headers = HeadersJson.Read(value.ToArray()) });

    internal static readonly MetadataColumn UserName = new(
        "user_name", "varchar", "user_names", 3, metadata => metadata.UserName,
        (metadata, value) => metadata with { UserName = Encoding.UTF8.GetString(value) });

    internal bool IsJson => Type == "jsonb";
}
