// An answer to a rating. Anybody may answer, any number of times, and every answer is kept. The chain does not number
// answers: the place of an answer in the chain is its name.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>One answer to a rating.</summary>
public static class FeedbackResponses
{
    // Events

    /// <summary>Turns answers, which stand in their rating's stream, into rows.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("feedback-response", Evolve)
        .Also<ResponseAppended>(KeyOf);

    // State

    /// <summary>An answer to a rating.</summary>
    /// <param name="Key">The rating's key, the block and the log, joined.</param>
    /// <param name="FeedbackKey">The rating.</param>
    /// <param name="AgentId">The rated agent.</param>
    /// <param name="Client">The client that gave the rating.</param>
    /// <param name="FeedbackIndex">The rating's number among the client's.</param>
    /// <param name="Responder">The address that answered.</param>
    /// <param name="Uri">The place where the answer can be read.</param>
    /// <param name="Hash">The hash of the answer.</param>
    /// <param name="Block">The block in which it was given.</param>
    /// <param name="LogIndex">The answer's place among the logs of the block.</param>
    /// <param name="RespondedAt">The time of the answer.</param>
    public sealed record State(
        string Key,
        string FeedbackKey,
        ulong AgentId,
        Address Client,
        ulong FeedbackIndex,
        Address Responder,
        string Uri,
        Word Hash,
        ulong Block,
        uint LogIndex,
        Instant RespondedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ResponseAppended e) => new State(
            KeyOf(e, at), Feedbacks.KeyOf(e.AgentId, e.ClientAddress, e.FeedbackIndex), e.AgentId, e.ClientAddress,
            e.FeedbackIndex, e.Responder, e.ResponseURI, e.ResponseHash, at.Block, at.LogIndex, at.Time),
        _ => null,
    };

    private static string KeyOf(ResponseAppended e, At at) =>
        $"{Feedbacks.KeyOf(e.AgentId, e.ClientAddress, e.FeedbackIndex)}-{at.Block}-{at.LogIndex}";
}
