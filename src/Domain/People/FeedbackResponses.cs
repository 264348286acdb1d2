// An answer to a rating; anybody may answer, as often as it likes, and every answer is kept. The chain does not number
// them: where an answer stands in the chain is its name.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>One answer to a rating.</summary>
public static class FeedbackResponses
{
    // Events

    /// <summary>How answers, which stand in their rating's stream, become rows.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("feedback-response", Evolve)
        .Also<ResponseAppended>(KeyOf);

    // State

    /// <summary>An answer.</summary>
    /// <param name="Key">The rating's key, the block and the log.</param>
    /// <param name="FeedbackKey">The rating.</param>
    /// <param name="AgentId">Who was rated.</param>
    /// <param name="Client">Who rated.</param>
    /// <param name="FeedbackIndex">The rating's number among the client's.</param>
    /// <param name="Responder">Who answers.</param>
    /// <param name="Uri">Where the answer is.</param>
    /// <param name="Hash">Its hash.</param>
    /// <param name="Block">The block in which it was given.</param>
    /// <param name="LogIndex">Its place in the block.</param>
    /// <param name="RespondedAt">When it was given.</param>
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
