// The generated messages beside the artifacts: every function that changes state has one, with its own selector.
using System.Text.Json;
using EventSourced.Chain.Contracts;
using EventSourced.Ethereum.Abi;
using EventSourced.World;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;
using System.Reflection;

namespace EventSourced.Chain.Tests;

public sealed class ServicesTests
{
    public static TheoryData<string> Contracts =>
        [.. Directory.EnumerateFiles(Path.Combine(WorldChain.Root, "contracts/artifacts"), "*.json").Select(
            file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Every_function_that_changes_state_has_a_message_with_its_selector(string contract)
    {
        using var json = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(WorldChain.Root, "contracts/artifacts", $"{contract}.json")));
        var expected = json.RootElement.GetProperty("abi").EnumerateArray()
            .Where(entry => entry.TryGetProperty("stateMutability", out var kind)
                && kind.GetString() is "nonpayable" or "payable")
            .Select(AbiSignature.FromJson)
            .OfType<AbiFunction>()
            .Select(function => Convert.ToHexStringLower(function.Hash.Bytes[..4]));
        var messages = typeof(
            ForwarderMessages).Assembly.GetType($"EventSourced.Chain.Contracts.{contract}Messages", throwOnError: true)!
            .GetNestedTypes()
            .Where(type => type.GetCustomAttribute<FunctionAttribute>() is not null)
            .Select(type => ABITypedRegistry.GetFunctionABI(type).Sha3Signature);
        Assert.Equal(expected.Order(), messages.Order());
    }
}
