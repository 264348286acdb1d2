// The result of a request (specification 7.1): one response, or a stream of responses for a subscription.
using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using EventSourced.GraphQL.Errors;

namespace EventSourced.GraphQL.Response;

/// <summary>One response or a stream of them.</summary>
public abstract class ExecutionResult
{
    private protected ExecutionResult()
    {
    }

    /// <summary>A response without data: the request could not be run (7.1.2 "request errors").</summary>
    public static OperationResult Refused(params ReadOnlySpan<GraphQLError> errors) =>
        new(null, [.. errors], hasData: false);
}

/// <summary>One response.</summary>
public sealed class OperationResult : ExecutionResult
{
    private byte[]? _kept;

    internal OperationResult(ResultObject? data, ImmutableArray<GraphQLError> errors, bool hasData)
    {
        Data = data;
        Errors = errors;
        HasData = hasData;
    }

    /// <summary>Whether the response has an entry <c>data</c>, be it null: whether the operation was run.</summary>
    public bool HasData { get; }

    /// <summary>The errors.</summary>
    public ImmutableArray<GraphQLError> Errors { get; }

    /// <summary>The entry <c>extensions</c>.</summary>
    public ImmutableDictionary<string, object?> Extensions { get; init; } = ImmutableDictionary<string, object?>.Empty;

    internal ResultObject? Data { get; }

    /// <summary>The message that it was last sent as.</summary>
    internal KeptMessage? Message { get; set; }

    /// <summary>The number of bytes that <see cref="WriteTo"/> writes, when it is known before; else null.</summary>
    internal long? Length => _kept?.Length ?? ResponseWriter.LengthOf(this);

    /// <summary>Writes the response as JSON.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_kept is { } kept) output.Write(kept);
        else ResponseWriter.Write(output, this);
    }

    /// <summary>Keeps the JSON, for a response that is written often.</summary>
    internal OperationResult Kept()
    {
        var buffer = new ArrayBufferWriter<byte>();
        ResponseWriter.Write(buffer, this);
        _kept = buffer.WrittenSpan.ToArray();
        return this;
    }

    /// <summary>The response as JSON text.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        WriteTo(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

/// <summary>A response as the message that an operation of this id gets.</summary>
internal sealed record KeptMessage(string Id, ReadOnlyMemory<byte> Bytes);

/// <summary>The responses of a subscription, one for each event.</summary>
public sealed class ResponseStream : ExecutionResult
{
    private readonly Func<CancellationToken, IAsyncEnumerable<OperationResult>> _responses;

    internal ResponseStream(Func<CancellationToken, IAsyncEnumerable<OperationResult>> responses) =>
        _responses = responses;

    /// <summary>Reads the responses; ending the enumeration ends the subscription.</summary>
    public IAsyncEnumerable<OperationResult> ReadResultsAsync(CancellationToken cancellation = default) =>
        _responses(cancellation);
}
