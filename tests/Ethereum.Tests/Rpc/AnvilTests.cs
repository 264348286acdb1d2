// The client against a real node: transactions, logs, reverts, reorgs, subscriptions that break and mend.
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Sending;
using EventSourced.DevNode;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Json;
using EventSourced.Ethereum.Rpc;
using EventSourced.Testing;

namespace EventSourced.Ethereum.Tests.Rpc;

public sealed class AnvilTests : IAsyncLifetime
{
    // Emits LOG1 with the call's first word as topic and the rest as data.
    private static readonly byte[] Emitter = Convert.FromHexString("602036038060206000376000359060" + "00a100");

    // Reverts with the call's data.
    private static readonly byte[] Reverter = Convert.FromHexString("366000600037366000fd");

    private static readonly Address EmitterAddress = Address.Parse("0x00000000000000000000000000000000000e1117");
    private static readonly Address ReverterAddress = Address.Parse("0x00000000000000000000000000000000000e1118");
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SigningKey _key = SigningKey.Parse(AnvilNode.RichKey);
    private AnvilNode _node = null!;
    private HttpRpc _rpc = null!;
    private EthereumClient _client = null!;
    private AnvilControl _anvil = null!;

    public async Task InitializeAsync()
    {
        _node = await AnvilNode.StartAsync("--accounts", "2");
        _rpc = new HttpRpc([_node.Http], new RpcOptions { ExpectedChainId = AnvilNode.ChainId });
        (_client, _anvil) = (new EthereumClient(_rpc), new AnvilControl(_rpc));
        await _anvil.SetCodeAsync(EmitterAddress, Emitter, None);
        await _anvil.SetCodeAsync(ReverterAddress, Reverter, None);
    }

    public async Task DisposeAsync()
    {
        _rpc.Dispose();
        _key.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_transaction_is_mined_and_its_sender_is_ours()
    {
        var receiver = Address.Parse("0x00000000000000000000000000000000000e1119");
        var signed = await SignedAsync(receiver, [], 5u);
        var hash = await _client.SendAsync(signed, None);
        var receipt = await _client.WaitForReceiptAsync(hash, None);
        Assert.Equal((true, _key.Address, hash), (receipt.Succeeded, receipt.From, receipt.TransactionHash));
        Assert.True(receipt.GasUsed > 0 && receipt.EffectiveGasPrice > UInt256.Zero);
        Assert.Equal((UInt256)5u, await _client.GetBalanceAsync(receiver, BlockTag.Latest, None));
    }

    [Fact]
    public async Task Logs_are_found_by_range_block_topic_and_address_with_their_block_time()
    {
        var first = await EmitAsync(Keccak256.Hash("one"), [1, 2, 3]);
        var second = await EmitAsync(Keccak256.Hash("two"), []);
        var filter = new LogFilter(0ul, BlockTag.Latest) { Addresses = [EmitterAddress] };
        using var all = await _client.GetLogsAsync(filter, None);
        Assert.Equal((2, first.BlockHash, second.BlockNumber), (all.Count, all[0].BlockHash, all[1].BlockNumber));
        Assert.Equal([1, 2, 3], all.Data(0).ToArray());
        Assert.Equal(Keccak256.Hash("one"), all[0].Topics[0]);
        var header = await _client.GetHeaderAsync(first.BlockNumber, None);
        Assert.Equal(header!.Timestamp, all[0].BlockTimestamp);
        using var two = await _client.GetLogsAsync(filter with { Topics = [[Keccak256.Hash("two")]] }, None);
        Assert.Equal(1, two.Count);
        using var either = await _client.GetLogsAsync(
            filter with { Topics = [[Keccak256.Hash("two"), Keccak256.Hash("one")]] }, None);
        Assert.Equal(2, either.Count);
        using var neither = await _client.GetLogsAsync(filter with { Topics = [null, [Keccak256.Hash("one")]] }, None);
        Assert.Equal(0, neither.Count);
        using var block = await _client.GetLogsAsync(new LogFilter { BlockHash = second.BlockHash }, None);
        Assert.Equal(second.TransactionHash, block[0].TransactionHash);
        Assert.Equal(1, first.Logs.Count);
    }

    [Fact]
    public async Task A_revert_carries_the_contracts_own_error()
    {
        var late = AbiError.Parse("error LeaseExpired(uint256 leaseId)");
        byte[] data = [.. late.Hash.Bytes[..4], .. AbiEncoder.Encode(AbiType.Parse("uint256"), 7ul)];
        var fault = await Assert.ThrowsAsync<RpcException>(
            () => _client.CallAsync(new CallRequest(ReverterAddress, data), BlockTag.Latest, None));
        Assert.Equal(RpcFault.Reverted, fault.Fault);
        Assert.True(late.TryDecode(fault.RevertData.Span, out var arguments));
        Assert.Equal((UInt256)7u, arguments[0].AsUInt256());
        fault = await Assert.ThrowsAsync<RpcException>(
            () => _client.EstimateGasAsync(_key.Address, ReverterAddress, data, UInt256.Zero, None));
        Assert.Equal(RpcFault.Reverted, fault.Fault);
    }

    [Fact]
    public async Task A_signed_transaction_is_mined_and_sending_it_again_is_no_fault()
    {
        await _anvil.SetAutomineAsync(false, None);
        var signed = await SignedAsync(EmitterAddress, new byte[40]);
        var hash = await _client.SendAsync(signed, None);
        Assert.Equal(hash, await _client.SendAsync(signed, None));
        Assert.Null(await _client.GetReceiptAsync(hash, None));
        await _anvil.MineAsync(None);
        var receipts = await _client.GetReceiptsAsync([hash, default], None);
        Assert.Equal(hash, receipts[0]!.TransactionHash);
        Assert.Null(receipts[1]);
    }

    [Fact]
    public async Task Headers_come_in_batches_linked_by_parent_hash_and_null_beyond_the_head()
    {
        await _anvil.MineAsync(250, None);
        var headers = await _client.GetHeadersAsync(1, 251, None);
        Assert.Null(headers[250]);
        for (var i = 1; i < 250; i++) Assert.Equal(headers[i - 1]!.Hash, headers[i]!.ParentHash);
        Assert.Equal(headers[3], await _client.GetHeaderAsync(headers[3]!.Hash, None));
        Assert.Empty(await _client.GetHeadersAsync(5, 4, None));
        Assert.Equal(
            (AnvilNode.ChainId, 250ul), (await _client.GetChainIdAsync(None), await _client.GetBlockNumberAsync(None)));
        Assert.Equal(Reverter, await _client.GetCodeAsync(ReverterAddress, BlockTag.Latest, None));
        Assert.True(await _client.GetGasPriceAsync(None) > UInt256.Zero);
    }

    [Fact]
    public async Task Both_kinds_of_reorg_change_hashes_and_one_shortens_the_chain()
    {
        await _anvil.MineAsync(10, None);
        var before = await _client.GetHeadersAsync(1, 10, None);
        await _anvil.ReorgAsync(3, None);
        var after = await _client.GetHeadersAsync(1, 10, None);
        Assert.Equal(before[6], after[6]);
        Assert.NotEqual(before[7], after[7]);
        await _anvil.RollbackAsync(4, None);
        Assert.Equal(6ul, await _client.GetBlockNumberAsync(None));
    }

    [Fact]
    public async Task Snapshots_balances_times_and_impersonation_steer_the_node()
    {
        var snapshot = await _anvil.SnapshotAsync(None);
        await _anvil.SetBalanceAsync(ReverterAddress, 77u, None);
        Assert.Equal((UInt256)77u, await _client.GetBalanceAsync(ReverterAddress, BlockTag.Latest, None));
        Assert.True(await _anvil.RevertAsync(snapshot, None));
        Assert.Equal(UInt256.Zero, await _client.GetBalanceAsync(ReverterAddress, BlockTag.Latest, None));
        await _anvil.SetNextBlockTimestampAsync(AnvilNode.GenesisTime + 1_000, None);
        await _anvil.MineAsync(None);
        Assert.Equal(AnvilNode.GenesisTime + 1_000, (await _client.GetHeaderAsync(BlockTag.Latest, None))!.Timestamp);
        await _anvil.SetBlockTimestampIntervalAsync(5, None);
        await _anvil.MineAsync(None);
        Assert.Equal(AnvilNode.GenesisTime + 1_005, (await _client.GetHeaderAsync(BlockTag.Latest, None))!.Timestamp);
        await _anvil.ImpersonateAsync(ReverterAddress, None);
        await _anvil.IncreaseTimeAsync(5, None);
        await _anvil.SetIntervalMiningAsync(0, None);
    }

    [Fact]
    public async Task A_subscription_that_breaks_goes_on_without_a_hole_or_a_double()
    {
        await using var proxy = new CuttableProxy(_node.Port);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var heads = ChainSubscription.HeadsAsync(
            new Uri($"ws://127.0.0.1:{proxy.Port}"), new RpcOptions { ExpectedChainId = AnvilNode.ChainId }, from: 1,
            limit.Token);
        await _anvil.MineAsync(5, None);
        var seen = new List<BlockHeader>();
        await foreach (var head in heads)
        {
            seen.Add(head);
            if (head.Number == 5)
            {
                await _anvil.MineAsync(None);
            }
            else if (head.Number == 6)
            {
                // While nobody listens the chain grows by more than one round of catching up.
                proxy.Refusing = true;
                await proxy.CutAsync();
                await _anvil.MineAsync(150, None);
                proxy.Refusing = false;
            }
            else if (head.Number == 156)
            {
                await _anvil.MineAsync(None);
            }
            else if (head.Number == 157)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(1, 157).Select(number => (ulong)number), seen.Select(head => head.Number));
        Assert.True(proxy.Connections >= 2, $"expected a second connection, found {proxy.Connections}");
        for (var i = 1; i < seen.Count; i++) Assert.Equal(seen[i - 1].Hash, seen[i].ParentHash);
    }

    [Fact]
    public async Task A_subscription_shows_a_reorg_as_a_number_that_falls_back()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await _anvil.MineAsync(4, None);
        var reorged = false;
        await foreach (
            var head in ChainSubscription.HeadsAsync(_node.WebSocket, new RpcOptions(), from: 4, limit.Token))
        {
            if (!reorged)
            {
                Assert.Equal(4ul, head.Number);
                await _anvil.RollbackAsync(2, None);
                await _anvil.MineAsync(None);
                reorged = true;
                continue;
            }

            Assert.Equal(3ul, head.Number);
            break;
        }
    }

    [Fact]
    public async Task A_subscription_to_nobody_or_to_another_chain_fails_by_name()
    {
        await using var proxy = new CuttableProxy(_node.Port) { Refusing = true };
        var options = new RpcOptions { MaxReconnects = 2, ExpectedChainId = 1 };
        var fault = await Assert.ThrowsAsync<RpcException>(
            () => FirstAsync(new Uri($"ws://127.0.0.1:{proxy.Port}"), options));
        Assert.Equal(RpcFault.Unreachable, fault.Fault);
        fault = await Assert.ThrowsAsync<RpcException>(() => FirstAsync(_node.WebSocket, options));
        Assert.Equal(RpcFault.WrongChain, fault.Fault);

        static async Task FirstAsync(Uri endpoint, RpcOptions options)
        {
            await foreach (var _ in ChainSubscription.HeadsAsync(endpoint, options, 0, None)) break;
        }
    }

    [Fact]
    public async Task A_web_socket_answers_calls_and_sends_logs()
    {
        await using var socket = await WebSocketRpc.ConnectAsync(_node.WebSocket, new RpcOptions(), None);
        Assert.Equal(AnvilNode.ChainId, await socket.CallAsync(new RpcCall("eth_chainId"), JsonValues.Quantity, None));
        var fault = await Assert.ThrowsAsync<RpcException>(
            () => socket.CallAsync(new RpcCall("no_such_method"), JsonValues.Quantity, None));
        Assert.Equal(RpcFault.Refused, fault.Fault);
        var logs = await socket.SubscribeAsync("logs", null, RpcReaders.Anything, None);
        await EmitAsync(Keccak256.Hash("live"), [9]);
        Assert.True(await logs.ReadAsync(None));
    }

    private async Task<TransactionReceipt> EmitAsync(Hash32 topic, byte[] data) =>
        await _client.WaitForReceiptAsync(
            await _client.SendAsync(await SignedAsync(EmitterAddress, [.. topic.Bytes, .. data]), None), None);

    private async Task<byte[]> SignedAsync(Address to, byte[] data, UInt256 value = default) => Transactions.Sign(
        _key, AnvilNode.ChainId, await _client.GetNonceAsync(_key.Address, BlockTag.Pending, None),
        new Fees(1u, 2_000_000_000u), new Call(to, data, GasLimit: 200_000) { Value = value });
}
