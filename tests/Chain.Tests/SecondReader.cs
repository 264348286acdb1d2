// The chain as Nethereum reads it: its block processor finds the logs, its decoder reads them by the compiled ABIs.
// Leaves: one line for each log, in the form of Telling. The chain is a node of our own: Nethereum's decoder is not for
// nodes of strangers.
using EventSourced.Chain.Sending;
using EventSourced.Domain.Events;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.World;
using Nethereum.ABI.ABIDeserialisation;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.ABI.Model;
using Nethereum.Contracts;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace EventSourced.Chain.Tests;

internal sealed class SecondReader
{
    private readonly Dictionary<(string Contract, string Topic), (ContractName Contract, EventABI Event)> _events = [];
    private readonly string[] _addresses;

    public SecondReader(IReadOnlyDictionary<Ethereum.Address, ContractName> contracts)
    {
        _addresses = [.. contracts.Keys.Select(address => address.ToString())];
        foreach (var (address, name) in contracts)
        {
            var artifact = File.ReadAllText(Path.Combine(WorldChain.Root, "contracts/artifacts", $"{name}.json"));
            using var json = System.Text.Json.JsonDocument.Parse(artifact);
            foreach (var one in new ABIJsonDeserialiser().DeserialiseContract(
                json.RootElement.GetProperty("abi").GetRawText()).Events)
                _events[(address.ToString("x", null), one.Sha3Signature)] = (name, one);
        }
    }

    /// <summary>Processes every block up to one and tells each log.</summary>
    public async Task<IReadOnlyList<string>> TellAsync(HttpRpc rpc, ulong last, CancellationToken cancellation)
    {
        var found = new List<FilterLog>();
        var web3 = new Web3(new NodeClient(rpc, cancellation));
        var processor = web3.Processing.Logs.CreateProcessorForContracts(
            _addresses, (Action<FilterLog>)found.Add, minimumBlockConfirmations: 0);
        await processor.ExecuteAsync(last, cancellation, startAtBlockNumberIfNotProcessed: 0);
        return [.. found.OrderBy(log => log.LogIndex.Value).OrderBy(log => log.BlockNumber.Value).Select(Tell)];
    }

    private string Tell(FilterLog log)
    {
        var topic = log.Topics[0].ToString()!;
        var (contract, one) = _events[(log.Address.ToLowerInvariant(), topic[2..])];
        var decoded = one.DecodeEventDefaultTopics(log)
            ?? throw new InvalidOperationException($"expected {one.Name} of {contract} to be decoded, found nothing");
        var fields = decoded.Event.OrderBy(
            field => field.Parameter.Order).Select(field => Telling.OfNethereum(field.Result));
        return Telling.Line((ulong)log.BlockNumber.Value, (ulong)log.LogIndex.Value, contract, one.Name, fields);
    }
}
