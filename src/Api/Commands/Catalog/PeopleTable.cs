// Commands of agents: registration, stake, ratings, validations, records of actions.
using EventSourced.Domain.People;
using static EventSourced.Api.Commands.Catalog.CommandEntry;
using static EventSourced.Api.Commands.Catalog.Sender;

namespace EventSourced.Api.Commands.Catalog;

internal static class PeopleTable
{
    private static readonly Sender Owner = Only("the agent's owner, or whom it approved");

    internal static IReadOnlyList<CommandEntry> All { get; } =
    [
        Row("agents.register", "AgentRegistry.register(string)", Anyone,
            "Registers an agent of the sender with its registration file at {agentURI}."),
        Row("agents.registerBare", "AgentRegistry.register()", Anyone,
            "Registers an agent of the sender without a registration file."),
        Row("agents.registerWithMetadata", "AgentRegistry.register(string,(string,bytes)[])", Anyone,
            "Registers an agent of the sender with its registration file at {agentURI} and metadata."),
        Row<Agents.SetAgentURI>("agents.setAgentURI", "AgentRegistry.setAgentURI", Owner, On.Agent,
            async w => new(w.By, w.Id("agentId"), w.Text("newURI"), await IsOperatorAsync(w).ConfigureAwait(false)),
            "Moves the registration file of agent {agentId} to {newURI}."),
        Row<Agents.SetMetadata>("agents.setMetadata", "AgentRegistry.setMetadata", Owner, On.Agent,
            async w =>
                new(w.By, w.Id("agentId"), w.Text("metadataKey"), await IsOperatorAsync(w).ConfigureAwait(false)),
            "Sets the metadata {metadataKey} of agent {agentId}."),
        Row<Agents.SetAgentWallet>("agents.setAgentWallet", "AgentRegistry.setAgentWallet", Owner, On.Agent,
            async w => new(
                w.By, w.Id("agentId"), w.Party("newWallet"), w.Moment("deadline"),
                await IsOperatorAsync(w).ConfigureAwait(false)),
            "Lets {newWallet} act for agent {agentId}."),
        Row<Agents.UnsetAgentWallet>("agents.unsetAgentWallet", "AgentRegistry.unsetAgentWallet", Owner, On.Agent,
            async w => new(w.By, w.Id("agentId"), await IsOperatorAsync(w).ConfigureAwait(false)),
            "Takes the wallet of agent {agentId} away."),
        Row<Agents.SetStatus>("agents.setStatus", "AgentRegistry.setStatus", Owner, On.Agent,
            async w => new(w.By, w.Id("agentId"), w.Byte("status"), await IsOperatorAsync(w).ConfigureAwait(false)),
            "Sets the status of agent {agentId} to {status}: 1 active, 2 paused, 3 revoked for ever."),
        Row<Agents.TransferFrom>("agents.transferFrom", "AgentRegistry.transferFrom", Owner, On.Token, TransferAsync,
            "Gives agent {tokenId} from {from} to {to}, with its stake and its reputation."),
        Row<Agents.TransferFrom>("agents.safeTransferFrom", "AgentRegistry.safeTransferFrom(address,address,uint256)",
            Owner, On.Token, TransferAsync,
            "Gives agent {tokenId} from {from} to {to}, if {to} can hold it."),
        Row<Agents.TransferFrom>(
            "agents.safeTransferFromWithData", "AgentRegistry.safeTransferFrom(address,address,uint256,bytes)", Owner,
            On.Token, TransferAsync,
            "Gives agent {tokenId} from {from} to {to}, if {to} can hold it, and hands data over."),
        Row("agents.approve", "AgentRegistry.approve", Only("the agent's owner or its operator"), On.Token,
            "Lets {to} act for agent {tokenId} and give it away."),
        Row("agents.setApprovalForAll", "AgentRegistry.setApprovalForAll", Anyone,
            "Says whether {operator} may act for every agent of the sender: {approved}."),

        Row("stake.bond", "Stake.bond", ActingFor("agentId"), On.Agent,
            "Moves {amount:credits} from the sender's wallet in the vault to the stake of agent {agentId}."),
        Row("stake.unbond", "Stake.unbond", Only("the agent's owner"), On.Agent,
            "Begins to take {amount:credits} out of the stake of agent {agentId}."),
        Row<Unbondings.Release>(
            "stake.release", "Stake.release", Anyone, On.Unbonding, w => new(w.By, w.Id("unbondId")),
            "Pays unbonding {unbondId} to the agent's owner."),

        Row<Feedbacks.GiveFeedback>(
            "feedback.give", "Reputation.giveFeedback", Only("anyone who does not act for the agent"), On.NewFeedback,
            async w => new(
                w.By, w.Id("agentId"), w.Signed("value"), w.Byte("valueDecimals"),
                await w.MayActAsync(w.Id("agentId")).ConfigureAwait(false)),
            "Rates agent {agentId} with {value} (decimals: {valueDecimals})."),
        Row<Feedbacks.RevokeFeedback>(
            "feedback.revoke", "Reputation.revokeFeedback", Only("who gave the rating"), On.OwnFeedback,
            w => new(w.By, w.Id("agentId"), w.Id("feedbackIndex")),
            "Takes the sender's rating {feedbackIndex} of agent {agentId} back."),
        Row<Feedbacks.AppendResponse>("feedback.appendResponse", "Reputation.appendResponse", Anyone, On.Feedback,
            w => new(w.By, w.Id("agentId"), w.Party("clientAddress"), w.Id("feedbackIndex")),
            "Answers rating {feedbackIndex} that {clientAddress} gave agent {agentId}."),

        Row<Validations.Request>(
            "validations.request", "Validation.validationRequest", ActingFor("agentId"), On.Validation,
            async w => new(
                w.By, w.Party("validatorAddress"), w.Id("agentId"), w.Word("requestHash"),
                await w.MayActAsync(w.Id("agentId"), w.Party("validatorAddress")).ConfigureAwait(false)),
            "Asks {validatorAddress} to validate work of agent {agentId}."),
        Row<Validations.Respond>("validations.response", "Validation.validationResponse",
            Only("the validator that was asked"), On.Validation,
            async w => new(
                w.By, w.Word("requestHash"), w.Byte("response"),
                await w.Rows.FindAsync(Validations.Fold, w.Word("requestHash")).ConfigureAwait(false) is { } known
                    && await w.MayActAsync(known.AgentId).ConfigureAwait(false)),
            "Answers the request {requestHash} with {response} of 100."),

        Row<Actions.RecordAction>("actions.record", "Agency.recordAction", ActingFor("agentId"), On.NewAction,
            w => new(w.By, w.Id("agentId"), w.Word("dataHash")), "Records what agent {agentId} did."),
        Row<Actions.RecordOutcome>("actions.recordOutcome", "Agency.recordOutcome",
            ActingForIts<Actions.State>(action => action.AgentId, "who may act for the action's agent"), On.Action,
            w => new(w.By, w.Id("actionId"), w.Word("outcomeHash")), "Records what came of action {actionId}."),
    ];

    private static ValueTask<bool> IsOperatorAsync(Wish wish) => wish.IsOperatorAsync(wish.Id("agentId"));

    private static async ValueTask<Agents.TransferFrom> TransferAsync(Wish w) => new(
        w.By, w.Id("tokenId"), w.Party("from"), w.Party("to"),
        await w.IsOperatorAsync(w.Id("tokenId")).ConfigureAwait(false));
}
