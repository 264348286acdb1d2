// Read models of agents: identity, stake, reputation, validations, records of their actions.
using EventSourced.Domain.Governance;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;

namespace EventSourced.Projections;

internal static class People
{
    internal static IReadOnlyList<ReadModel> All { get; } =
    [
        new ReadModel<ulong, Agents.State>(Agents.Fold, "Agent", isState: true)
            .Serial()
            .None(nameof(Agents.State.Wallet), nameof(Agents.State.Approved))
            .Search(nameof(Agents.State.Uri))
            .Index(nameof(Agents.State.Owner))
            .Index(nameof(Agents.State.Status), nameof(Agents.State.AgentId))
            .One("ownerHolder", "credit_holder", nameof(Agents.State.Owner))
            .One("verifier", "verifier", nameof(Agents.State.AgentId))
            .Many("metadata", "agent_metadata", "agent_id")
            .Many("reputations", "reputation", "agent_id")
            .Many("bids", "bid", "agent_id")
            .Many("tasks", "task", "agent_id")
            .Many("directTasks", "task", "named_agent_id")
            .Many("workLeases", "work_lease", "agent_id")
            .Many("submissions", "submission", "agent_id")
            .Many("failures", "task_failure", "agent_id")
            .Many("unbondings", "unbonding", "agent_id")
            .Many("completions", "completion", "agent_id")
            .Many("earnings", "earning", "agent_id")
            .Many("jobs", "job", "agent_id")
            .Many("jobProviders", "job_provider", "agent_id")
            .Many("feedbackClients", "feedback_client", "agent_id")
            .Many("feedbacks", "feedback", "agent_id")
            .Many("feedbackResponses", "feedback_response", "agent_id")
            .Many("validations", "validation", "agent_id")
            .Many("verdicts", "verdict", "agent_id")
            .Many("actions", "action", "agent_id")
            .Many("challenges", "dispute", "challenger_id")
            .Many("defences", "dispute", "respondent_id")
            .Many("datasets", "dataset", "owner_agent_id")
            .Many("dataLeases", "data_lease", "grantee_id")
            .Many("bountyClaims", "bounty_claim", "agent_id")
            .Many("guildMemberships", "guild_member", "agent_id")
            .Many("foundedGuilds", "guild", "founder_id")
            .Many("rewards", "reward", "agent_id")
            .Many("checkpoints", "checkpoint", "poster_id")
            .Many("checkpointCandidates", "checkpoint_candidate", "poster_id")
            .Many("eras", "era", "poster_id")
            .Many("workflowAttestations", "workflow_attestation", "agent_id"),
        new ReadModel<string, AgentMetadata.State>(AgentMetadata.Fold, "AgentMetadata", isState: true)
            .Index(nameof(AgentMetadata.State.AgentId))
            .One("agent", "agent", nameof(AgentMetadata.State.AgentId)),
        new ReadModel<string, AgentOperators.State>(AgentOperators.Fold, "AgentOperator", isState: true)
            .Index(nameof(AgentOperators.State.Owner))
            .One("ownerHolder", "credit_holder", nameof(AgentOperators.State.Owner)),
        new ReadModel<ulong, Unbondings.State>(Unbondings.Fold, "Unbonding", isState: true)
            .Serial()
            .None(nameof(Unbondings.State.ReleaseAt), nameof(Unbondings.State.EndedAt))
            .Index(nameof(Unbondings.State.AgentId))
            .One("agent", "agent", nameof(Unbondings.State.AgentId)),
        new ReadModel<string, StakeTotals.State>(StakeTotals.Fold, "StakeTotal", isState: true),
        new ReadModel<string, VoteTotals.State>(VoteTotals.Fold, "VoteTotal", isState: true),
        new ReadModel<Address, Voters.State>(Voters.Fold, "Voter", isState: true)
            .One("holder", "credit_holder", nameof(Voters.State.Voter))
            .Many("ballots", "vote", "voter"),
        new ReadModel<string, Reputations.State>(Reputations.Fold, "Reputation", isState: true)
            .None(nameof(Reputations.State.LastActiveAt))
            .Index(nameof(Reputations.State.AgentId))
            .Index(nameof(Reputations.State.Domain), nameof(Reputations.State.Accumulator))
            .One("agent", "agent", nameof(Reputations.State.AgentId))
            .One("earning", "earning", nameof(Reputations.State.Key)),
        new ReadModel<string, Completions.State>(Completions.Fold, "Completion", isState: true)
            .Counts(nameof(Completions.State.Count))
            .Index(nameof(Completions.State.AgentId))
            .One("agent", "agent", nameof(Completions.State.AgentId))
            .One("lastTask", "task", nameof(Completions.State.LastTaskId)),
        new ReadModel<Address, Clients.State>(Clients.Fold, "Client", isState: true)
            .One("holder", "credit_holder", nameof(Clients.State.Client))
            .One("lastTask", "task", nameof(Clients.State.LastTaskId))
            .Many("tasks", "task", "client")
            .Many("jobs", "job", "client"),
        new ReadModel<string, Earnings.State>(Earnings.Fold, "Earning", isState: true)
            .Counts(nameof(Earnings.State.CrowdPpm), nameof(Earnings.State.Earned), nameof(Earnings.State.EarnedOnDay))
            .Index(nameof(Earnings.State.AgentId))
            .One("agent", "agent", nameof(Earnings.State.AgentId))
            .One("reputation", "reputation", nameof(Earnings.State.Key)),
        new ReadModel<string, FeedbackClients.State>(FeedbackClients.Fold, "FeedbackClient", isState: true)
            .Index(nameof(FeedbackClients.State.AgentId))
            .One("agent", "agent", nameof(FeedbackClients.State.AgentId)),
        new ReadModel<string, Feedbacks.State>(Feedbacks.Fold, "Feedback", isState: true)
            .None(nameof(Feedbacks.State.RevokedAt))
            .Index(nameof(Feedbacks.State.AgentId))
            .One("agent", "agent", nameof(Feedbacks.State.AgentId))
            .Many("responseList", "feedback_response", "feedback_key"),
        new ReadModel<string, FeedbackResponses.State>(FeedbackResponses.Fold, "FeedbackResponse", isState: true)
            .None(nameof(FeedbackResponses.State.RespondedAt))
            .Index(nameof(FeedbackResponses.State.AgentId))
            .Index(nameof(FeedbackResponses.State.FeedbackKey))
            .One("agent", "agent", nameof(FeedbackResponses.State.AgentId))
            .One("feedback", "feedback", nameof(FeedbackResponses.State.FeedbackKey)),
        new ReadModel<Word, Validations.State>(Validations.Fold, "Validation", isState: true)
            .None(nameof(Validations.State.RespondedAt))
            .Index(nameof(Validations.State.AgentId))
            .One("agent", "agent", nameof(Validations.State.AgentId))
            .Many("verdicts", "verdict", "request_hash"),
        new ReadModel<string, Verdicts.State>(Verdicts.Fold, "Verdict", isState: true)
            .None(nameof(Verdicts.State.RespondedAt))
            .Index(nameof(Verdicts.State.AgentId))
            .Index(nameof(Verdicts.State.RequestHash))
            .One("agent", "agent", nameof(Verdicts.State.AgentId))
            .One("validation", "validation", nameof(Verdicts.State.RequestHash)),
        new ReadModel<ulong, Actions.State>(Actions.Fold, "Action", isState: true)
            .Serial()
            .None(nameof(Actions.State.OutcomeHash), nameof(Actions.State.OutcomeAt))
            .Index(nameof(Actions.State.AgentId))
            .One("agent", "agent", nameof(Actions.State.AgentId)),
    ];
}
