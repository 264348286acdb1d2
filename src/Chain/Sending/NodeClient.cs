// Our JSON-RPC where Nethereum asks for a client: failover, limits and named faults of lib/Ethereum. Enters:
// Nethereum's requests. Leaves: Nethereum's answers. Always holds: a refusal of the node comes out as RpcException with
// the revert data as it came, so Nethereum never decodes it; reading it is the strict decoder's work.
using System.Text.Json;
using EventSourced.Ethereum.Rpc;
using Nethereum.JsonRpc.Client;
using Nethereum.JsonRpc.Client.RpcMessages;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace EventSourced.Chain.Sending;

/// <summary>Nethereum's client over our own.</summary>
public sealed class NodeClient(HttpRpc rpc, CancellationToken cancellation) : ClientBase
{
    private static readonly JsonSerializerSettings Written =
        DefaultJsonSerializerSettingsFactory.BuildDefaultJsonSerializerSettings();

    /// <inheritdoc/>
    public override async Task<RpcResponseMessage> SendAsync(RpcRequestMessage rpcRequestMessage, string? route = null)
    {
        ArgumentNullException.ThrowIfNull(rpcRequestMessage);
        var parameters = JsonConvert.SerializeObject(rpcRequestMessage.RawParameters ?? Array.Empty<object>(), Written);
        var call = new RpcCall(rpcRequestMessage.Method, json => WriteItems(json, parameters));
        var result = await rpc.CallAsync(call, ReadRaw, cancellation).ConfigureAwait(false);
        return new RpcResponseMessage(rpcRequestMessage.Id, JToken.Parse(result));
    }

    /// <inheritdoc/>
    protected override Task<RpcResponseMessage[]> SendAsync(RpcRequestMessage[] requests) =>
        Task.WhenAll(requests.Select(request => SendAsync(request)));

    private static void WriteItems(Utf8JsonWriter json, string array)
    {
        using var document = JsonDocument.Parse(array);
        foreach (var item in document.RootElement.EnumerateArray()) item.WriteTo(json);
    }

    private static string ReadRaw(ref Utf8JsonReader reader) => JsonElement.ParseValue(ref reader).GetRawText();
}
