// Writing to a real chain: a generated service through our signer, an account that runs a contract's code, a request
// that the Forwarder brings on chain, and refusals in the contracts' own words.
using EventSourced.Chain.Contracts;
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Sending;
using EventSourced.Chain.Signing;
using EventSourced.DevNode;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.World;

namespace EventSourced.Chain.Tests;

public sealed class SendingTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Fees Fees = new(0u, 2_000_000_000u);

    private readonly SigningKey _rich = SigningKey.Parse(AnvilNode.RichKey);
    private readonly SigningKey _poor = SigningKey.Generate();
    private WorldChain _chain = null!;
    private World.Contracts _contracts = null!;
    private Refusals _refusals = null!;

    private EthereumClient Client => _chain.Client;

    public async Task InitializeAsync()
    {
        _chain = await WorldChain.FreshAsync(None);
        _contracts = World.Contracts.Load(_chain.Deployment, WorldChain.Root);
        _refusals = new Refusals(_contracts.All.SelectMany(contract => contract.Abi));
    }

    public async Task DisposeAsync()
    {
        _rich.Dispose();
        _poor.Dispose();
        await _chain.DisposeAsync();
    }

    [Fact]
    public async Task A_generated_service_sends_through_our_signer()
    {
        var web3 = Account.Web3Of(Client.Rpc, _rich, AnvilNode.ChainId, None);
        var registry = new AgentRegistryService(web3, _contracts["AgentRegistry"].Address);
        var hash = Hash32.Parse(
            await registry.SendAsync(new AgentRegistryMessages.Register1 { AgentURI = "ipfs://card" }));
        var receipt = await Client.WaitForReceiptAsync(hash, None);
        Assert.Equal((true, _rich.Address), (receipt.Succeeded, receipt.From));
        Assert.Equal(_rich.Address, (await AskAsync("AgentRegistry", "ownerOf", 1UL)).AsAddress());
    }

    [Fact]
    public async Task A_refused_message_says_the_contracts_error_and_leaves_no_gap_in_the_nonces()
    {
        var web3 = Account.Web3Of(Client.Rpc, _rich, AnvilNode.ChainId, None);
        var registry = new AgentRegistryService(web3, _contracts["AgentRegistry"].Address);
        var before = await Client.GetNonceAsync(_rich.Address, BlockTag.Pending, None);
        var unknown = new AgentRegistryMessages.Approve { To = _poor.Address.ToString(), TokenId = 999 };
        var fault = await Assert.ThrowsAsync<RpcException>(() => registry.SendAsync(unknown));
        Assert.Equal("ERC721NonexistentToken(999)", _refusals.Read(fault.RevertData.Span)?.ToString());
        await Client.WaitForReceiptAsync(
            Hash32.Parse(await registry.SendAsync(new AgentRegistryMessages.Register1 { AgentURI = "ipfs://next" })),
            None);
        Assert.Equal(before + 1, await Client.GetNonceAsync(_rich.Address, BlockTag.Pending, None));
    }

    // A parity of 0 is written as no byte at all: a node that reads one byte there refuses the transaction, or recovers
    // another authority and leaves the account without code. The keys are fixed, so both parities come for certain.
    [Fact]
    public async Task Accounts_run_the_code_that_they_have_authorized_whatever_the_parity_of_their_signatures()
    {
        var target = _contracts["Directory"].Address;
        byte[] designator = [0xef, 0x01, 0x00, .. target.Bytes];
        // The world's chain stands at an earlier hard fork.
        await using var prague = await AnvilNode.StartAsync("--hardfork", "prague");
        using var rpc = new HttpRpc([prague.Http]);
        var node = new EthereumClient(rpc);
        var parities = new HashSet<string>();
        for (ulong nonce = 0; nonce < 8; nonce++)
        {
            using var key = SigningKey.Parse($"0x{nonce + 1:x64}");
            var authorization = Authorizations.Sign(key, AnvilNode.ChainId, target, nonce: 0);
            parities.Add(Words.ToHex(authorization.V));
            var raw = Transactions.Sign(
                _rich, AnvilNode.ChainId, nonce, Fees, new Call(key.Address, default, 200_000), authorization);
            var receipt = await node.WaitForReceiptAsync(await node.SendAsync(raw, None), None);
            Assert.True(receipt.Succeeded);
            Assert.Equal(designator, await node.GetCodeAsync(key.Address, BlockTag.Latest, None));
        }

        Assert.Equal(["0x", "0x01"], parities.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_Forwarder_brings_a_signed_request_on_chain_and_refuses_a_spoiled_one()
    {
        var (forwarder, faucet) = (_contracts["Forwarder"], _contracts["Faucet"]);
        var drip = faucet.Encode("drip", _poor.Address);
        var head = await Client.GetHeaderAsync(BlockTag.Latest, None);
        var request = new ForwardRequest(
            _poor.Address, faucet.Address, 500_000, Nonce: 0, head!.Timestamp + 86_400, drip);
        var signed = request.SignedBy(_poor, AnvilNode.ChainId, forwarder.Address);
        var receipt = await SendAsync(forwarder.Address, forwarder.Encode("execute", signed));
        Assert.True(receipt.Succeeded);
        Assert.NotEqual(UInt256.Zero, (await AskAsync("Credit", "balanceOf", _poor.Address)).AsUInt256());

        // The same request once more: its nonce is used, so another signer comes out.
        var fault = await Assert.ThrowsAsync<RpcException>(
            () => Client.EstimateGasAsync(
                _rich.Address, forwarder.Address, forwarder.Encode("execute", signed), UInt256.Zero, None));
        var refusal = _refusals.Read(fault.RevertData.Span);
        Assert.Equal("ERC2771ForwarderInvalidSigner", refusal?.Name);
        Assert.Equal(_poor.Address, refusal!.Arguments[1].AsAddress());
    }

    [Fact]
    public void Revert_data_that_is_no_encoding_of_its_error_is_not_read()
    {
        var error = _contracts["Forwarder"].Abi.OfType<AbiError>().Single(
            one => one.Name == "ERC2771ForwarderInvalidSigner");
        byte[] cut = [.. error.Hash.Bytes[..4], .. new byte[40]];
        Assert.Null(_refusals.Read(cut));
        Assert.Null(_refusals.Read([]));
        byte[] whole = [.. error.Hash.Bytes[..4], .. new byte[64]];
        Assert.Equal(error.Name, _refusals.Read(whole)?.Name);
    }

    private async Task<TransactionReceipt> SendAsync(Address to, byte[] data)
    {
        var nonce = await Client.GetNonceAsync(_rich.Address, BlockTag.Pending, None);
        var raw = Transactions.Sign(_rich, AnvilNode.ChainId, nonce, Fees, new Call(to, data, 2_000_000));
        return await Client.WaitForReceiptAsync(await Client.SendAsync(raw, None), None);
    }

    private async Task<AbiValue> AskAsync(string contract, string function, AbiValue argument)
    {
        var found = _contracts[contract].Function(function);
        var answer = await Client.CallAsync(
            new CallRequest(_contracts[contract].Address, found.EncodeCall(argument)), BlockTag.Latest, None);
        return found.DecodeResult(answer)[0];
    }
}
