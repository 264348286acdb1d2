// A log of the chain as the record of the catalog that it is; anything else ends the bench.
using System.Runtime.InteropServices;
using EventSourced.Domain.Events;
using EventSourced.Ethereum.Logs;
using EventSourced.Indexer.Decode;

namespace EventSourced.BenchIngest;

internal sealed class Decoding(IReadOnlyDictionary<Ethereum.Address, ContractName> contracts)
{
    private readonly Dictionary<Ethereum.Address, ContractName> _contracts = new(contracts);

    public ChainEvent Decode(in Log log, ReadOnlySpan<byte> data) =>
        EventDecoder.Decode(_contracts[log.Address], MemoryMarshal.AsBytes(log.Topics), data, out var failure)
        ?? throw new InvalidOperationException(
            $"expected log {log.LogIndex} of block {log.BlockNumber} to be an event, found: {failure}");
}
