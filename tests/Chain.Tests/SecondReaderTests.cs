// Two readers of one chain: ours, from the JSON to the record, and Nethereum's block processor with its decoder. A
// told world has every event of the catalog; both must say the same of every log of it.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EventSourced.Domain.Events;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Logs;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Decode;
using EventSourced.World;

namespace EventSourced.Chain.Tests;

public sealed class SecondReaderTests
{
    private const int LeastEvents = 3_000;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Nethereum_tells_every_log_of_a_world_as_our_reader_does()
    {
        await using var chain = await WorldChain.FreshAsync(None);
        using (var world = await World.World.SettleAsync(chain, new WorldOptions(Seed: 14), Population.Small, None))
            await world.LiveAsync(events: 0, afterBlock: null, None);
        var contracts = World.Contracts.Load(chain.Deployment, WorldChain.Root);
        var known = contracts.All
            .Where(contract => Enum.TryParse<ContractName>(contract.Name, out _))
            .ToDictionary(contract => contract.Address, contract => Enum.Parse<ContractName>(contract.Name));
        var newest = await chain.Client.GetBlockNumberAsync(None);
        var ours = await OursAsync(chain, contracts, known, newest);
        var theirs = await new SecondReader(known).TellAsync(chain.Client.Rpc, newest, None);
        Assert.True(ours.Count >= LeastEvents, $"expected at least {LeastEvents} events, found {ours.Count}");
        Assert.Equal(ours.Count, theirs.Count);
        for (var i = 0; i < ours.Count; i++)
            Assert.True(Digest(ours[i]) == Digest(theirs[i]), $"expected {ours[i]}, found {theirs[i]} by Nethereum");
        Assert.Equal(EventsOf(ours).Order(), EventsOf(theirs).Order());
    }

    private static async Task<IReadOnlyList<string>> OursAsync(
        WorldChain chain, World.Contracts contracts, Dictionary<Ethereum.Address, ContractName> known, ulong newest)
    {
        var declared = contracts.All
            .SelectMany(contract => contract.Abi.OfType<AbiEvent>().Select(
                one => (Key: (contract.Address, one.Hash), Event: one)))
            .DistinctBy(pair => pair.Key)
            .ToDictionary(pair => pair.Key, pair => pair.Event);
        var told = new List<string>();
        const ulong step = 200;
        for (ulong first = 0; first <= newest; first += step)
        {
            using var logs = await chain.Client.GetLogsAsync(
                new LogFilter(first, Math.Min(newest, first + step - 1)) { Addresses = [.. known.Keys] }, None);
            for (var i = 0; i < logs.Count; i++)
            {
                var name = known[logs[i].Address];
                var record = EventDecoder.Decode(
                    name, MemoryMarshal.AsBytes(logs[i].Topics), logs.Data(i).Span, out var failure)
                    ?? throw new InvalidOperationException($"expected log {i} to be an event, found: {failure}");
                var one = declared[(logs[i].Address, logs[i].Topics[0])];
                var fields = one.Inputs.Zip(Telling.Values(record), (input, value) => Telling.OfOurs(
                    input.Type, input.Indexed && input.Type is AbiType.Text or AbiType.Bytes, value));
                told.Add(Telling.Line(logs[i].BlockNumber, logs[i].LogIndex, name, one.Name, fields));
            }
        }

        return told;
    }

    private static string Digest(string line) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(line)));

    private static HashSet<string> EventsOf(IEnumerable<string> lines) =>
        [.. lines.Select(line => line.Split(' ', '(')[1])];
}
