// Read models of agents: identity, stake, reputation, validations, records of what they did.
using EventSourced.Domain;

namespace EventSourced.Projections.Models;

internal static class People
{
    internal static IReadOnlyList<ReadModel> All { get; } =
    [
        new ReadModel<ulong, Agents.State>(Agents.Fold, "Agent", isState: true)
            .Index(nameof(Agents.State.Owner))
            .Many("metadata", "agent_metadata", "agent_id")
            .Many("reputations", "reputation", "agent_id")
            .Many("bids", "bid", "agent_id")
            .Many("tasks", "task", "agent_id"),
        new ReadModel<string, AgentMetadata.State>(AgentMetadata.Fold, "AgentMetadata", isState: true)
            .Index(nameof(AgentMetadata.State.AgentId)),
        new ReadModel<string, AgentOperators.State>(AgentOperators.Fold, "AgentOperator", isState: true)
            .Index(nameof(AgentOperators.State.Owner)),
        new ReadModel<ulong, Unbondings.State>(Unbondings.Fold, "Unbonding", isState: true)
            .Index(nameof(Unbondings.State.AgentId))
            .One("agent", "agent", nameof(Unbondings.State.AgentId)),
        new ReadModel<string, StakeTotals.State>(StakeTotals.Fold, "StakeTotal", isState: true),
        new ReadModel<Address, Voters.State>(Voters.Fold, "Voter", isState: true),
        new ReadModel<string, Reputations.State>(Reputations.Fold, "Reputation", isState: true)
            .Index(nameof(Reputations.State.AgentId))
            .Index(nameof(Reputations.State.Domain), nameof(Reputations.State.Accumulator))
            .One("agent", "agent", nameof(Reputations.State.AgentId)),
        new ReadModel<string, Completions.State>(Completions.Fold, "Completion", isState: true),
        new ReadModel<string, FeedbackClients.State>(FeedbackClients.Fold, "FeedbackClient", isState: true),
        new ReadModel<string, Feedbacks.State>(Feedbacks.Fold, "Feedback", isState: true)
            .Index(nameof(Feedbacks.State.AgentId))
            .One("agent", "agent", nameof(Feedbacks.State.AgentId)),
        new ReadModel<string, FeedbackResponses.State>(FeedbackResponses.Fold, "FeedbackResponse", isState: true)
            .Index(nameof(FeedbackResponses.State.AgentId)),
        new ReadModel<Word, Validations.State>(Validations.Fold, "Validation", isState: true)
            .Index(nameof(Validations.State.AgentId))
            .One("agent", "agent", nameof(Validations.State.AgentId)),
        new ReadModel<string, Verdicts.State>(Verdicts.Fold, "Verdict", isState: true)
            .Index(nameof(Verdicts.State.AgentId)),
        new ReadModel<ulong, Actions.State>(Actions.Fold, "Action", isState: true)
            .Index(nameof(Actions.State.AgentId))
            .One("agent", "agent", nameof(Actions.State.AgentId)),
    ];
}
