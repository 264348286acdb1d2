// Agents, their metadata and operators: what the registry lets happen, and what it refuses.
using System.Text;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Market;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests;

public class AgentTests
{
    [Fact]
    public void An_agent_is_minted_registered_and_has_its_owner_as_its_wallet()
    {
        var chain = Registered();
        Assert.Equal(
            new Agents.State(
                7, Owner, Agents.Status.Active, default, Owner, default, 0, "ipfs://a", 0, 1_000, 1_000, 1_000),
            chain.Of(Agents.Fold, 7UL));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Nothing_happens_to_an_agent_before_it_is_registered_and_it_is_registered_once()
    {
        var minted = Chain().Happens(new AgentRegistryTransfer(default, Owner, 7)).Of(Agents.Fold, 7UL);
        Assert.Null(Agents.Fold.Evolve(minted, new AgentLocksSet(7, 1), default));
        Assert.Null(Agents.Fold.Evolve(minted, new Registered(7, "", Client), default));
        Assert.Null(Agents.Fold.Evolve(Registered().Of(Agents.Fold, 7UL), new Registered(7, "", Owner), default));
        Assert.Null(Agents.Fold.Evolve(null, new AgentRegistryTransfer(Owner, Client, 7), default));
    }

    [Fact]
    public void A_new_owner_starts_without_the_old_one_s_approval_and_wallet()
    {
        var chain = Registered().Happens(new AgentRegistryApproval(Owner, Stranger, 7)).After(10)
            .Happens(new AgentRegistryTransfer(Owner, Client, 7), Metadata(Agents.WalletKey, []));
        var agent = chain.Of(Agents.Fold, 7UL);
        Assert.Equal((Client, default(Address), default(Address), 1UL),
            (agent.Owner, agent.Approved, agent.Wallet, agent.Transfers));
        Assert.Equal((new Instant(1_010), new Instant(1_000)), (agent.OwnerSince, agent.RegisteredAt));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_locked_agent_keeps_its_owner_and_locks_count_one_by_one()
    {
        var chain = Registered().Happens(new AgentLocksSet(7, 1), new AgentLocksSet(7, 2), new AgentLocksSet(7, 1));
        var agent = chain.Of(Agents.Fold, 7UL);
        Assert.Equal((ushort)1, agent.Locks);
        Assert.Null(Agents.Fold.Evolve(agent, new AgentRegistryTransfer(Owner, Client, 7), default));
        Assert.Null(Agents.Fold.Evolve(agent, new AgentLocksSet(7, 3), default));
        Assert.Null(Agents.Fold.Evolve(agent, new AgentLocksSet(7, 1), default));
        Assert.Null(Agents.Fold.Evolve(agent with { Locks = ushort.MaxValue }, new AgentLocksSet(7, 65_536), default));
        Assert.NotNull(Agents.Fold.Evolve(agent, new AgentLocksSet(7, 0), default));
    }

    [Fact]
    public void Revoked_is_final()
    {
        var chain = Registered().Happens(
            new AgentStatusSet(7, 2, Hash(1)), new AgentStatusSet(7, 1, Hash(2)), new AgentStatusSet(7, 3, Hash(3)));
        var agent = chain.Of(Agents.Fold, 7UL);
        Assert.Equal((Agents.Status.Revoked, Hash(3)), (agent.Status, agent.StatusReason));
        chain.Happens(new AgentStatusSet(7, 1, default));
        Assert.Equal(["agent-7: AgentStatusSet"], chain.Violations);
        Assert.Null(Agents.Fold.Evolve(Registered().Of(Agents.Fold, 7UL), new AgentStatusSet(7, 4, default), default));
    }

    [Fact]
    public void Only_its_owner_approves_and_only_from_its_owner_it_goes()
    {
        var agent = Registered().Of(Agents.Fold, 7UL);
        Assert.Null(Agents.Fold.Evolve(agent, new AgentRegistryApproval(Client, Stranger, 7), default));
        Assert.Null(Agents.Fold.Evolve(agent, new AgentRegistryTransfer(Client, Stranger, 7), default));
        Assert.Null(Agents.Fold.Evolve(agent, new AgentRegistryTransfer(Owner, default, 7), default));
        Assert.Null(Agents.Fold.Evolve(agent, new CreditNonceUsed(Owner, 0), default));
    }

    [Fact]
    public void The_wallet_stands_in_the_agent_and_every_other_value_for_itself()
    {
        var chain = Registered().Happens(Metadata("price", [1, 2])).After(5).Happens(Metadata("price", []));
        var value = chain.Of(AgentMetadata.Fold, $"7-{Hash(5)}");
        Assert.Equal(("price", default(Bytes), new Instant(1_000), new Instant(1_005)),
            (value.MetadataKey, value.Value, value.FirstSetAt, value.SetAt));
        Assert.Equal(Owner, chain.Of(Agents.Fold, 7UL).Wallet);
        Assert.Null(Agents.Fold.Evolve(chain.Of(Agents.Fold, 7UL), Metadata(Agents.WalletKey, [1]), default));
        Assert.Null(AgentMetadata.Fold.Evolve(value, new CreditNonceUsed(Owner, 0), default));
        Assert.Null(chain.Find(AgentMetadata.Fold, $"7-{Hash(11)}"));
    }

    [Fact]
    public void The_registration_file_moves()
    {
        var agent = Registered().After(1).Happens(new URIUpdated(7, "ipfs://b", Owner)).Of(Agents.Fold, 7UL);
        Assert.Equal(("ipfs://b", new Instant(1_001)), (agent.Uri, agent.UpdatedAt));
    }

    [Fact]
    public void An_operator_is_one_until_it_is_not()
    {
        var key = AgentOperators.KeyOf(Owner, Client);
        var chain = Chain().Happens(new ApprovalForAll(Owner, Client, true));
        Assert.Equal(new AgentOperators.State(key, Owner, Client, true, 1_000), chain.Of(AgentOperators.Fold, key));
        Assert.False(chain.Happens(new ApprovalForAll(Owner, Client, false)).Of(AgentOperators.Fold, key).IsApproved);
        Assert.Null(AgentOperators.Fold.Evolve(null, new ApprovalForAll(Owner, default, true), default));
    }

    [Fact]
    public void Owner_approved_operator_and_wallet_may_act_and_nobody_else()
    {
        var agent = Registered().Happens(
            new AgentRegistryApproval(Owner, Client, 7), Metadata(Agents.WalletKey, Raw(Person(9)))).Of(Agents.Fold,
            7UL);
        Assert.True(Agents.MayAct(agent, Owner, false));
        Assert.True(Agents.MayAct(agent, Client, false));
        Assert.True(Agents.MayAct(agent, Person(9), false));
        Assert.True(Agents.MayAct(agent, Stranger, true));
        Assert.False(Agents.MayAct(agent, Stranger, false));
        Assert.False(Agents.MayAct(agent with { Approved = default, Wallet = default }, default, true));
    }

    [Fact]
    public void What_the_owner_may_change_a_stranger_may_not()
    {
        var agent = Registered().Of(Agents.Fold, 7UL);
        Command[] Commands(Address by) =>
        [
            new Agents.SetAgentURI(by, 7, "u", false), new Agents.SetMetadata(by, 7, "price", false),
            new Agents.SetAgentWallet(by, 7, Client, 1_100, false), new Agents.UnsetAgentWallet(by, 7, false),
            new Agents.SetStatus(by, 7, 2, false),
        ];
        foreach (var command in Commands(Owner)) Granted(Agents.Decide(agent, command, 1_000));
        foreach (var command in Commands(Stranger)) Refused("NotAgent", Agents.Decide(agent, command, 1_000));
        foreach (var command in Commands(Owner)) Refused("ERC721NonexistentToken", Agents.Decide(null, command, 1_000));
        Granted(Agents.Decide(agent, new Agents.SetAgentURI(Stranger, 7, "u", true), 1_000));
        Assert.Throws<ArgumentException>(() => Agents.Decide(agent, new Tasks.Cancel(Owner, 1), 1));
    }

    [Fact]
    public void Refusals_name_what_is_wrong()
    {
        var agent = Registered().Of(Agents.Fold, 7UL);
        Refused("ReservedKey", Agents.Decide(agent, new Agents.SetMetadata(Owner, 7, Agents.WalletKey, false), 1));
        Refused("ZeroWallet", Agents.Decide(agent, new Agents.SetAgentWallet(Owner, 7, default, 1_100, false), 1_000));
        Refused(
            "SignatureExpired", Agents.Decide(agent, new Agents.SetAgentWallet(Owner, 7, Client, 999, false), 1_000));
        Refused(
            "DeadlineTooFar", Agents.Decide(agent, new Agents.SetAgentWallet(Owner, 7, Client, 1_301, false), 1_000));
        Granted(Agents.Decide(agent, new Agents.SetAgentWallet(Owner, 7, Client, 1_300, false), 1_000));
        Refused("UnknownStatus", Agents.Decide(agent, new Agents.SetStatus(Owner, 7, 0, false), 1));
        Refused("UnknownStatus", Agents.Decide(agent, new Agents.SetStatus(Owner, 7, 4, false), 1));
        Refused("Revoked",
            Agents.Decide(agent with { Status = Agents.Status.Revoked }, new Agents.SetStatus(Owner, 7, 1, false), 1));
    }

    [Fact]
    public void A_transfer_needs_a_receiver_the_right_and_no_locks()
    {
        var agent = Registered().Of(Agents.Fold, 7UL);
        Agents.TransferFrom Given(Address by, Address from, Address to) => new(by, 7, from, to, false);
        Granted(Agents.Decide(agent, Given(Owner, Owner, Client), 1));
        Granted(Agents.Decide(agent with { Approved = Stranger }, Given(Stranger, Owner, Client), 1));
        Refused("ERC721InvalidReceiver", Agents.Decide(agent, Given(Owner, Owner, default), 1));
        Refused("ERC721InsufficientApproval", Agents.Decide(agent, Given(Stranger, Owner, Client), 1));
        Refused("ERC721IncorrectOwner", Agents.Decide(agent, Given(Owner, Client, Stranger), 1));
        Refused("AgentLocked", Agents.Decide(agent with { Locks = 1 }, Given(Owner, Owner, Client), 1));
    }

    private static SmallChain Chain() => new(1_000, Agents.Fold, AgentMetadata.Fold, AgentOperators.Fold);

    private static SmallChain Registered() => Chain().Happens(
        new AgentRegistryTransfer(default, Owner, 7), new Registered(7, "ipfs://a", Owner),
        Metadata(Agents.WalletKey, Raw(Owner)));

    // The hash of a key is the chain's to compute: its length stands in for it here.
    private static MetadataSet Metadata(string key, byte[] value) =>
        new(7, Hash((byte)Encoding.ASCII.GetByteCount(key)), key, new Bytes(value));

    private static byte[] Raw(Address address)
    {
        var bytes = new byte[Address.Length];
        address.WriteTo(bytes);
        return bytes;
    }
}
