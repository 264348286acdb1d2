// Do several endpoints serve the same chain? Enters: a block number. Leaves: what each endpoint says about that block,
// and whether all that answered agree. One silent endpoint is no disagreement; one other hash is.
namespace EventSourced.Ethereum.Rpc;

/// <summary>
/// One endpoint's word on a block: its hash, that the endpoint has none, or the reason for no answer.
/// </summary>
public sealed record EndpointOpinion(string Endpoint, Hash32? BlockHash, RpcException? Failure);

/// <summary>The endpoints' opinions about one block.</summary>
public sealed record EndpointAgreement(ulong BlockNumber, IReadOnlyList<EndpointOpinion> Opinions)
{
    /// <summary>The hash that most of those that answered name; null where none answered with a block.</summary>
    public Hash32? Majority { get; } = Opinions.Where(opinion => opinion.BlockHash is not null)
        .GroupBy(opinion => opinion.BlockHash)
        .OrderByDescending(group => group.Count())
        .FirstOrDefault()?.Key;

    /// <summary>The endpoints that name another hash than the majority.</summary>
    public IEnumerable<EndpointOpinion> Dissenters =>
        Opinions.Where(opinion => opinion.BlockHash is { } hash && hash != Majority);

    /// <summary>Whether at least one endpoint answered, and no two differ.</summary>
    public bool Agreed => Majority is not null && !Dissenters.Any();

    /// <summary>Asks every endpoint for a block's hash, each once.</summary>
    public static async Task<EndpointAgreement> AskAsync(HttpRpc rpc, ulong blockNumber, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rpc);
        var asked = Enumerable.Range(0, rpc.Endpoints.Count).Select(
            index => AskOneAsync(rpc, index, blockNumber, cancellation));
        return new EndpointAgreement(blockNumber, await Task.WhenAll(asked).ConfigureAwait(false));
    }

    private static async Task<EndpointOpinion> AskOneAsync(
        HttpRpc rpc, int endpoint, ulong blockNumber, CancellationToken cancellation)
    {
        try
        {
            var header = await rpc.CallOnAsync(endpoint, EthereumClient.HeaderCall(blockNumber), RpcReaders.Header,
                cancellation).ConfigureAwait(false);
            return new EndpointOpinion(rpc.Endpoints[endpoint], header?.Hash, null);
        }
        catch (RpcException failure)
        {
            return new EndpointOpinion(rpc.Endpoints[endpoint], null, failure);
        }
    }
}
