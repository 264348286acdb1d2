// The table of commands against what it is about: the functions of the contracts, and the commands of the domain.
// Whatever is left out stands here with its reason.
using System.Text.Json;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Chain.Contracts;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;

namespace EventSourced.Commands.Tests;

public class CatalogTests
{
    private const string OfModules = "a contract of the economy calls it; it refuses everybody else";
    private const string OfTimelock = "the timelock alone may call it, for a carried proposal";
    private const string OfCouncil = "the council's contract alone may call it: council.execute";
    private const string OfGovernor = "the governor alone may call it: proposals.queue";
    private const string OfTokens = "a token that is sent to the contract calls it";
    private const string InOnePiece = "the overload with the signature in one piece does the same";
    private const string OfRoles = "the timelock gives and takes roles";

    // Functions that change state and are no command, by reason.
    private static readonly Dictionary<string, string[]> LeftOut = new()
    {
        [OfModules] =
        [
            "AgentRegistry.lock", "AgentRegistry.unlock", "Bounties.challenge", "Bounties.rule", "DataLeases.challenge",
            "DataLeases.rule", "EpochCheckpoints.challenge", "EpochCheckpoints.forfeitSigners", "EpochCheckpoints.rule",
            "Reputation.add", "Reputation.addCompletion", "Rewards.challenge", "Rewards.rule", "Stake.agentTransferred",
            "Stake.slashBeyondPledge", "Stake.stakeMoved", "TaskMarket.challenge",
            "TaskMarket.createFor", "TaskMarket.rule", "TaskMarket.workLapsed", "TaskMarket.workStarted",
            "TaskMarket.workYielded", "Vault.move", "VerifierPool.awaitSeed", "VerifierPool.missed",
            "VerifierPool.stopAwaiting", "VerifierPool.touch", "WorkLeases.complete",
            "WorkLeases.release",
        ],
        [OfTimelock] =
        [
            "AgentGovernor.relay", "AgentGovernor.updateTimelock", "Breaker.setGuardian", "Council.setMember",
            "Directory.register", "Parameters.setParam", "Parameters.setParams", "Timelock.updateDelay",
            "Treasury.spend",
        ],
        [OfCouncil] = ["Breaker.reset", "Timelock.cancel"],
        [OfGovernor] = ["Timelock.schedule", "Timelock.scheduleBatch"],
        [OfTokens] =
        [
            "AgentGovernor.onERC1155BatchReceived", "AgentGovernor.onERC1155Received", "AgentGovernor.onERC721Received",
            "Timelock.onERC1155BatchReceived", "Timelock.onERC1155Received", "Timelock.onERC721Received",
        ],
        [InOnePiece] =
        [
            "Credit.cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)",
            "Credit.receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
            "Credit.transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
        ],
        [OfRoles] =
        [
            "Timelock.grantRole", "Timelock.revokeRole", "VerifierPool.grantRole", "VerifierPool.renounceRole",
            "VerifierPool.revokeRole",
        ],
        ["the relayer sends it for a relayed command"] = ["Forwarder.execute", "Forwarder.executeBatch"],
        ["the world's actors are moved by it; no deployment has it"] = ["Driver.recruit", "Driver.run"],
    };

    // Commands of the domain that no line of the table makes, by reason.
    private static readonly Dictionary<Type, string> Undecided = new()
    {
        [typeof(Breakers.Reset)] = OfCouncil,
        [typeof(TimelockOperations.Cancel)] = OfCouncil,
        [typeof(ForwarderSigners.Execute)] =
            "the relay checks nonce and deadline of every request itself, before anything else",
        [typeof(Channels.Claim)] =
            "one call claims of several channels, named by the hashes of their configs: the chain decides",
        [typeof(Channels.Refund)] = "the channel is named by the hash of its config: the chain decides",
    };

    [Fact]
    public void Every_function_that_changes_state_is_a_command_or_left_out_with_a_reason()
    {
        var left = LeftOut.Values.SelectMany(names => names).ToHashSet();
        var found = CommandTable.All.Select(entry => $"{entry.Contract.Name}.{entry.Function.Canonical}").ToHashSet();
        var functions = ContractInterfaces.All
            .SelectMany(contract => contract.Functions.Select(function => (
                Whole: $"{contract.Name}.{function.Canonical}", Short: $"{contract.Name}.{function.Name}")))
            .ToArray();
        Assert.True(functions.Length > 200, $"expected more than 200 functions, found {functions.Length}");
        Assert.Empty(functions.Where(
            one => found.Contains(one.Whole) == (left.Contains(one.Whole) || left.Contains(one.Short))));
        Assert.Empty(left.Where(name => !functions.Any(one => one.Whole == name || one.Short == name)));
    }

    [Fact]
    public void The_generated_declarations_are_those_of_the_artifacts() => Assert.All(ContractInterfaces.All,
        contract =>
    {
        using var artifact = JsonDocument
            .Parse(File.ReadAllText(
                System.IO.Path.Combine(World.WorldChain.Root, $"contracts/artifacts/{contract.Name}.json")));
        var abi = EventSourced.Ethereum.Abi.AbiSignature.FromJsonArray(
            artifact.RootElement.GetProperty("abi").GetRawText());
        Assert.Empty(contract.Functions.Select(
            one => one.Canonical).Except(abi.OfType<Ethereum.Abi.AbiFunction>().Select(one => one.Canonical)));
        Assert.Equal(abi.OfType<Ethereum.Abi.AbiError>().Select(one => one.Canonical).Order(),
            contract.Errors.Select(one => one.Canonical).Order());
    });

    [Fact]
    public void Every_command_of_the_domain_is_made_by_a_line_of_the_table_or_left_out_with_a_reason()
    {
        var made = CommandTable.All.Select(entry => entry.Command).OfType<Type>().ToHashSet();
        Type[] all = [.. typeof(Command).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Command)))];
        Assert.True(all.Length > 90, $"expected more than 90 commands, found {all.Length}");
        Assert.Empty(all.Where(type => made.Contains(type) == Undecided.ContainsKey(type)).Select(
            type => $"{type.DeclaringType?.Name}.{type.Name}"));
    }

    // tasks.create is createTask: the word of the function, without the thing that the room names already.
    [Fact]
    public void A_command_has_the_word_of_its_function() => Assert.All(CommandTable.All, entry =>
    {
        var (room, word) = (entry.Name[..entry.Name.IndexOf('.')], entry.Name[(entry.Name.IndexOf('.') + 1)..]);
        var thing = room switch
        {
            "leases" or "dataLeases" => "Lease",
            "bounties" => "Bounty",
            _ => char.ToUpperInvariant(room[0]) + room[1..].TrimEnd('s'),
        };
        var function = entry.Function.Name;
        var short1 = function.EndsWith(thing, StringComparison.Ordinal) ? function[..^thing.Length] : function;
        var short2 = function.StartsWith(char.ToLowerInvariant(thing[0]) + thing[1..], StringComparison.Ordinal)
            && function.Length > thing.Length
            ? char.ToLowerInvariant(function[thing.Length]) + function[(thing.Length + 1)..] : function;
        // Overloads say what they take more, or less.
        string[] more = ["", "WithParams", "WithData", "WithMetadata", "Bare"];
        Assert.Contains(word, more.SelectMany(suffix => new[] { function + suffix, short1 + suffix, short2 + suffix }));
    });

    [Fact]
    public void Every_hole_of_an_effect_is_an_argument_of_its_function() => Assert.All(CommandTable.All, entry =>
    {
        var samples = new Api.Commands.Path.Samples(default, new Instant(1), [1]);
        Assert.True(samples.TryOf(entry, entry.Function.Inputs is [{ Type: Ethereum.Abi.AbiType.Unsigned }, ..] ? "1"
            : entry.Subject?.Argument == "recipient" ? $"0x{new string('1', 40)}" : $"0x{new string('1', 64)}",
                out var found) || entry.Subject?.Argument.Length > 0);
        foreach (var sample in found)
            Assert.DoesNotContain('{',
                Api.Commands.Checks.Effects.Of(
                    entry, new Wish(entry, sample.Arguments, default, new Instant(1), null!)));
    });

    [Fact]
    public void Names_are_unique_and_say_room_and_word() => Assert.All(
        CommandTable.All, entry => Assert.Matches("^[a-z][A-Za-z]*\\.[a-z][A-Za-z]*$", entry.Name));
}
